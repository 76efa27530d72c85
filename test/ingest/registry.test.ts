import { expect, it } from 'vitest';
import type { Observation } from '../../src/domain/observation.ts';
import { statusPageVendor } from '../../src/ingest/polling/payload.ts';
import { createNormalizers, dialects, openPageReader } from '../../src/ingest/registry.ts';
import { createStripeSource } from '../../src/ingest/stripe/source.ts';
import type { WebhookSource } from '../../src/ingest/webhook.ts';
import { noProxySettings } from '../../src/lib/http-client.ts';
import { collectLog } from '../support/log.ts';
import { stripeEvent } from '../support/stripe.ts';

const { log } = collectLog();
const stripe = createStripeSource(['whsec_1']);

const normalizeWith = (source: WebhookSource, payload: unknown): readonly Observation[] => {
  const normalize = createNormalizers([source], log).get(source.vendor);
  if (!normalize) throw new Error('it has no normalizer');
  return normalize({ signalId: 's', requestId: 'r', vendor: source.vendor, source: source.source, payload });
};

it('has a normalizer for each vendor that posts, and one for all status pages', () => {
  expect([...createNormalizers([stripe], log).keys()]).toEqual(['stripe', statusPageVendor]);
});

it('has dialects with names of their own', () => {
  expect(new Set(dialects.map(({ name }) => name)).size).toBe(dialects.length);
});

it("keeps Stripe's event ids, and puts the vendor before those of any other", () => {
  expect(normalizeWith(stripe, stripeEvent('evt_1'))).toMatchObject([{ event: { event_id: 'evt_1' } }]);
  const absence: Observation = { type: 'absence', eventId: 'evt_2', scope: 's', resolvedAt: 'then', reason: 'why' };
  const other: WebhookSource = {
    vendor: 'other',
    source: 'stripe',
    verify: stripe.verify,
    check: stripe.check,
    request: stripe.request,
    normalize: (signal) => [...stripe.normalize(signal), absence],
  };
  expect(normalizeWith(other, stripeEvent('evt_1'))).toMatchObject([
    { event: { event_id: 'other:evt_1' } },
    { eventId: 'other:evt_2' },
  ]);
});

const readerOf = (url: string | null, usesFixtures: boolean) =>
  openPageReader(
    { name: 'braze', url },
    { timeoutMs: 1000, maxBodyBytes: 1_000_000, proxy: noProxySettings, userAgent: 'test', usesFixtures },
  );

it('reads the fixture of a status page without a URL', async () => {
  expect(await readerOf(null, true)?.()).toMatchObject({ pageId: 'braze', components: [{ name: 'Dashboard' }] });
});

it('has no reader for a status page without a URL where a fixture would wake somebody', () => {
  expect(readerOf(null, false)).toBeUndefined();
  expect(readerOf('https://status.acme.test', false)).toBeDefined();
});
