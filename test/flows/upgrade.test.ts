// A store that the first version filled goes on under this one.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { newPath } from '../stores/sqlite/open-file.ts';
import { playing } from '../support/playing.ts';
import { stripeEvent } from '../support/stripe.ts';

const filled = readFileSync(new URL('../stores/sqlite/before-alerts/filled.sql', import.meta.url), 'utf8');
const data = { object: { id: 'po_1', amount: 1200, currency: 'eur' } };
const seconds = (time: string): number => Date.parse(time) / 1000;

const told = stripeEvent('evt_told', 'payout.failed', { created: seconds('2026-03-01T12:03:00Z'), data });
const paid = stripeEvent('evt_paid', 'payout.paid', { created: seconds('2026-03-01T12:30:00Z'), data });

/** A store of the first version in which these are the vendor's objects of its events. */
const storeOf = (raws: Readonly<Record<string, unknown>>): string => {
  const path = newPath();
  const db = new DatabaseSync(path);
  db.exec(filled);
  const update = db.prepare(`UPDATE events SET body = json_set(body, '$.event.raw', json(?)) WHERE event_key = ?`);
  for (const [id, raw] of Object.entries(raws)) update.run(JSON.stringify(raw), JSON.stringify(id));
  db.close();
  return `sqlite:${path}`;
};

it('a payment that the first version told has facts, and good news ends it under its old key', async () => {
  const { pagerDuty, service } = await playing({ STORE_URL: storeOf({ evt_told: told }) });
  expect(await service.event('evt_told')).toMatchObject({ facts: { type: 'payout.failed', amount: 1200 } });
  await service.postStripe(paid);
  await service.app.idle();
  expect(pagerDuty.accepted.filter((each) => each.endsWith(' evt_told'))).toEqual(['resolve evt_told']);
  expect(await service.alert('evt_told')).toMatchObject({ state: 'resolved' });
});

it('good news that the first version stored ends what it told, as soon as this one starts', async () => {
  const { pagerDuty, service, wait } = await playing({
    STORE_URL: storeOf({ evt_told: told, evt_more_7: { ...paid, id: 'evt_more_7' } }),
  });
  await wait(30 * 60_000);
  await service.app.idle();
  expect(pagerDuty.accepted.filter((each) => each.endsWith(' evt_told'))).toEqual(['resolve evt_told']);
  expect(await service.alert('evt_told')).toMatchObject({ state: 'resolved' });
  expect(await service.event('evt_told')).toMatchObject({ routing_reason: 'Sent, and its end is sent too.' });
});
