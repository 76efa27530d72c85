import { expect, it } from 'vitest';
import { isAway, startApi } from '../../support/api.ts';
import { stripeEvent } from '../../support/stripe.ts';

it('a destination is unused until something is sent there, and then tells how that went', async () => {
  const api = startApi();
  const unused = {
    name: 'pagerduty',
    type: 'pagerduty',
    reaches_people: true,
    state: 'unused',
    last_success_at: null,
    last_failure_at: null,
    last_error: null,
    waiting: 0,
    oldest_waiting_at: null,
  };
  expect(await api.json('/destinations')).toEqual({ destinations: [unused] });
  await api.postStripe(stripeEvent('evt_1'));
  expect(await api.json('/destinations')).toEqual({
    destinations: [{ ...unused, state: 'ok', last_success_at: '2026-03-01T12:00:00.000Z' }],
  });
  api.answerWith(() => isAway);
  api.clock.advance(60_000);
  await api.postStripe(stripeEvent('evt_2'));
  expect(await api.json('/destinations')).toMatchObject({
    destinations: [
      {
        state: 'failing',
        last_success_at: '2026-03-01T12:00:00.000Z',
        last_failure_at: '2026-03-01T12:01:00.000Z',
        last_error: 'HTTP 503',
        waiting: 1,
        oldest_waiting_at: '2026-03-01T12:01:00.000Z',
      },
    ],
  });
});
