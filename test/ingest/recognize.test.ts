import { expect, it } from 'vitest';
import { recognize as recognizeBy } from '../../src/ingest/recognize.ts';
import { dialects } from '../../src/ingest/registry.ts';
import { createStripeSource } from '../../src/ingest/stripe/source.ts';
import type { WebhookSource } from '../../src/ingest/webhook.ts';
import { incident, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const stripe = createStripeSource(['whsec_1']);
const recognize = (payload: unknown) => recognizeBy(payload, [stripe], dialects, Date.now());

it("a vendor's event is recognized without its signature", () => {
  expect(recognize(stripeEvent('evt_1'))).toEqual({ webhook: stripe });
});

it('a summary is recognized, and read', () => {
  expect(recognize(summary({ incidents: [incident('1')] }))).toMatchObject({
    summary: { dialect: 'statuspage', pageId: 'acme', incidents: [{ id: '1' }] },
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
  const recognized = recognize(payload);
  expect('errors' in recognized && recognized.errors.map((error) => error.path)).toContain(path);
});

it('a vendor that does not say what is missing adds nothing to what is told', () => {
  const silent: WebhookSource = { ...stripe, check: () => ({ ok: false, authentic: false, detail: 'no' }) };
  const recognized = recognizeBy({ id: 'evt_1' }, [silent], dialects, Date.now());
  const paths = 'errors' in recognized ? recognized.errors.map(({ path }) => path) : [];
  expect(paths).toContain('statuspage.page');
  expect(paths.filter((path) => path.startsWith('stripe'))).toEqual([]);
});
