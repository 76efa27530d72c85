import { expect, it } from 'vitest';
import { createReadAgain } from '../../src/ingest/read-again.ts';
import { createStripeSource } from '../../src/ingest/stripe/source.ts';
import { anEvent } from '../support/builders.ts';
import { stripeEvent } from '../support/stripe.ts';

const readAgain = createReadAgain([createStripeSource(['whsec_x'])]);

it('reads of a stored webhook what its vendor’s adapter makes of it today', () => {
  const raw = stripeEvent('evt_1', 'payout.failed', {
    data: { object: { id: 'po_1', amount: 1200, currency: 'eur' } },
  });
  expect(readAgain(anEvent({ source: 'stripe', event_id: 'evt_1', raw }))).toMatchObject({
    facts: { type: 'payout.failed', object_id: 'po_1', amount: 1200, currency: 'eur' },
    scope: 'stripe::po_1',
    traits: { item: 'payment', name: 'payout.failed' },
  });
});

it.each([
  ['an event of a status page', { source: 'acme_status', raw: stripeEvent('evt_1') }],
  ['what is not what the vendor sends', { source: 'stripe', raw: { id: 'evt_1' } }],
  ['what is another event', { source: 'stripe', raw: stripeEvent('evt_2') }],
])('makes nothing of %s', (_, event) => {
  expect(readAgain(anEvent({ event_id: 'evt_1', ...event }))).toBeUndefined();
});
