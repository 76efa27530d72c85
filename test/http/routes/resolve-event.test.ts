import { expect, it } from 'vitest';
import { startApi } from '../../support/api.ts';
import { component, incident, summary } from '../../support/status-page.ts';
import { stripeEvent } from '../../support/stripe.ts';

const id = 'acme_status:incident:1';
const path = `/events/${encodeURIComponent(id)}/resolve`;

const withIncident = async () => {
  const api = startApi();
  await api.pull(summary({ incidents: [incident('1')] }));
  return api;
};

it('an event is resolved with a note, its alert ends, and the destination is told', async () => {
  const api = await withIncident();
  const { status, body } = await api.post(path, { note: ' The bank\nhas it. ' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ resolved: true, event: { event_id: id, state: 'resolved', alert_id: id } });
  expect(api.sent.map(({ action }) => action)).toEqual(['trigger', 'resolve']);
  expect((await api.event(id)).history).toMatchObject(
    expect.arrayContaining([expect.objectContaining({ reason: 'resolved manually: The bank\nhas it.' })]),
  );
  expect(api.logged.of('event.resolved_by_hand')).toMatchObject([{ event_id: id, note: 'The bank has it.' }]);
});

it('what is over already stays as it was', async () => {
  const api = await withIncident();
  await api.post(path);
  api.clock.advance(60_000);
  expect(await api.post(path)).toMatchObject({
    status: 200,
    body: { resolved: false, event: { resolved_at: '2026-03-01T12:00:00.000Z' } },
  });
});

it('the alert goes on while another of its events does', async () => {
  const api = startApi();
  await api.pull(summary({}));
  const named = { components: [{ id: 'a', name: 'Payments' }] };
  await api.pull(
    summary({ incidents: [incident('1', named)], components: [component('a', 'major_outage', { name: 'Payments' })] }),
  );
  await api.post(path);
  expect(await api.alert(id)).toMatchObject({ state: 'open', open_event_count: 1 });
});

it('a payment is resolved with its alert', async () => {
  const api = startApi();
  await api.postStripe(stripeEvent('evt_1'));
  expect((await api.post('/events/evt_1/resolve')).body).toMatchObject({
    resolved: true,
    event: { state: 'resolved' },
  });
  expect(await api.alert('evt_1')).toMatchObject({ state: 'resolved' });
});

it('an event that is not stored is not found, and one whose id is all that is left neither', async () => {
  const api = startApi({ eventCapacity: 1 });
  await api.postStripe(stripeEvent('evt_1', 'a.b'));
  await api.postStripe(stripeEvent('evt_2', 'a.b'));
  for (const eventId of ['evt_1', 'evt_9']) {
    expect(await api.post(`/events/${eventId}/resolve`)).toMatchObject({
      status: 404,
      body: { detail: 'no event with this id is stored' },
    });
  }
});

it.each([{ note: 7 }, { note: 'x'.repeat(1001) }, { why: 'done' }, [], null])('%j is refused', async (body) => {
  const api = await withIncident();
  expect((await api.post(path, body)).status).toBe(400);
  expect((await api.event(id)).resolved_at).toBe(null);
});
