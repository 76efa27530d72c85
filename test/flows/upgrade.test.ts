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

it('a payment that the first version told has facts, and good news ends it under its old key', async () => {
  const path = newPath();
  const db = new DatabaseSync(path);
  db.exec(filled);
  const told = stripeEvent('evt_told', 'payout.failed', { created: seconds('2026-03-01T12:03:00Z'), data });
  db.prepare(`UPDATE events SET body = json_set(body, '$.event.raw', json(?)) WHERE event_key = '"evt_told"'`).run(
    JSON.stringify(told),
  );
  db.close();

  const { pagerDuty, service } = await playing({ STORE_URL: `sqlite:${path}` });
  expect(await service.event('evt_told')).toMatchObject({ facts: { type: 'payout.failed', amount: 1200 } });
  await service.postStripe(stripeEvent('evt_paid', 'payout.paid', { created: seconds('2026-03-01T12:30:00Z'), data }));
  await service.app.idle();
  expect(pagerDuty.accepted.filter((each) => each.endsWith(' evt_told'))).toEqual(['resolve evt_told']);
  expect(await service.alert('evt_told')).toMatchObject({ state: 'resolved' });
});
