import { expect, it } from 'vitest';
import { recognize } from '../../src/ingest/recognize.ts';
import { createStripeSource } from '../../src/ingest/stripe/source.ts';
import { incident, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const stripe = createStripeSource(['whsec_1']);

it("a vendor's event is recognized without its signature", () => {
  expect(recognize(stripeEvent('evt_1'), [stripe])).toEqual({ webhook: stripe });
});

it('a summary is recognized, and read', () => {
  expect(recognize(summary({ incidents: [incident('1')] }), [stripe])).toMatchObject({
    summary: { pageId: 'acme', incidents: [{ fields: { id: '1' } }] },
  });
});

it.each([
  ['a Stripe event without a time', { id: 'evt_1', type: 'payout.failed' }, 'stripe.created'],
  ['a summary without components', { page: { id: 'acme' } }, 'statuspage.components'],
  ['a summary without a page', { components: [] }, 'statuspage.page'],
  ['a list', [], 'statuspage'],
  ['a text', 'payout.failed', 'stripe'],
  ['nothing', null, 'stripe'],
])('of %s it is told what is missing', (_which, payload, path) => {
  const recognized = recognize(payload, [stripe]);
  expect('errors' in recognized && recognized.errors.map((error) => error.path)).toContain(path);
});
