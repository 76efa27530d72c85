import { expect, it } from 'vitest';
import { normalizeStripe } from '../../../src/ingest/stripe/normalize.ts';
import { createStripeSource } from '../../../src/ingest/stripe/source.ts';
import { stripeEvent } from '../../support/stripe.ts';

const normalize = (payload: unknown, rawJson?: string) => {
  const thread = { signalId: 's', requestId: 'r', vendor: 'stripe', source: 'stripe' };
  const [observation, ...others] = normalizeStripe({ ...thread, payload, rawJson });
  if (observation?.type !== 'sighting' || others.length > 0) throw new Error('expected one sighting');
  return observation;
};

it('turns a failed payout into a critical payment event', () => {
  const payload = stripeEvent('evt_1', 'payout.failed', {
    data: { object: { id: 'po_1', failure_message: 'Insufficient funds' } },
  });
  expect(normalize(payload)).toEqual({
    type: 'sighting',
    event: {
      event_id: 'evt_1',
      source: 'stripe',
      kind: 'payment',
      severity: 'critical',
      service: 'stripe',
      summary: 'payout.failed: po_1',
      description: 'Insufficient funds',
      started_at: '2026-01-01T00:00:00.000Z',
      resolved_at: null,
      raw: payload,
    },
    facts: {
      type: 'payout.failed',
      object_id: 'po_1',
      url: 'https://dashboard.stripe.com/payouts/po_1',
    },
    subject: 'evt_1',
    scope: 'stripe::po_1',
    traits: { item: 'payment', name: 'payout.failed', components: [], group: null, pageSize: 0 },
    vendorUpdatedAt: null,
    revisable: false,
    resolvedAtGiven: false,
    testMode: false,
  });
});

it.each([
  ['failure_message', { failure_message: 'No funds' }, 'No funds'],
  ['last_payment_error', { last_payment_error: { message: 'Declined' } }, 'Declined'],
  ['last_setup_error', { last_setup_error: { message: 'Not set up' } }, 'Not set up'],
  ['last_finalization_error', { last_finalization_error: { message: 'Not final' } }, 'Not final'],
  ['nothing', {}, null],
  ['an empty text', { failure_message: '' }, null],
  ['no text', { failure_message: 5 }, null],
  ['null', { last_payment_error: null }, null],
])("describes a failure in Stripe's words when they stand in %s", (_where, object, description) => {
  expect(normalize(stripeEvent('evt_1', 'x', { data: { object } })).event.description).toBe(description);
});

it.each([
  ['an object with an id', { data: { object: { id: 'ch_1' } } }, 'x: ch_1'],
  ['an object without one', { data: { object: {} } }, 'x'],
  ['an object whose id is no text', { data: { object: { id: 7 } } }, 'x'],
  ['null for an object', { data: { object: null } }, 'x'],
  ['no object', { data: {} }, 'x'],
  ['no data', { data: undefined }, 'x'],
  ['data that is a list', { data: [] }, 'x'],
  ['an id with a line break', { data: { object: { id: 'a\r\nb' } } }, 'x: a b'],
])('summarizes %s on one line', (_what, more, summary) => {
  expect(normalize(stripeEvent('evt_1', 'x', more)).event.summary).toBe(summary);
});

it.each([
  ['with a related object', { related_object: { id: 'mtr_1' } }, 'v1.billing.meter.no_meter_found: mtr_1'],
  ['with null for it', { related_object: null }, 'v1.billing.meter.no_meter_found'],
  ['without one', {}, 'v1.billing.meter.no_meter_found'],
])('takes an event of the second API generation %s', (_what, more, summary) => {
  const payload = {
    id: 'evt_v2',
    object: 'v2.core.event',
    type: 'v1.billing.meter.no_meter_found',
    created: '2026-01-02T03:04:05.123456789Z',
    data: { object: { id: 'of_no_use' } },
    ...more,
  };
  expect(normalize(payload).event).toMatchObject({
    summary,
    severity: 'warning',
    started_at: '2026-01-02T03:04:05.123Z',
  });
});

it.each([
  [false, true],
  [true, false],
  [undefined, false],
])('with livemode %s, calls an event test mode: %s', (livemode, testMode) => {
  expect(normalize(stripeEvent('evt_1', 'x', { livemode })).testMode).toBe(testMode);
});

it('keeps the text of the body, so that nobody has to write it again', () => {
  const payload = stripeEvent('evt_1');
  expect(normalize(payload, JSON.stringify(payload)).rawJson).toBe(JSON.stringify(payload));
  expect(normalize(payload)).not.toHaveProperty('rawJson');
});

it.each([
  ['an object of our own account', { data: { object: { id: 'po_1' } } }, 'stripe::po_1'],
  ['an object of a connected account', { account: 'acct_1', data: { object: { id: 'po_1' } } }, 'stripe:acct_1:po_1'],
  ['no object', { data: {} }, 'evt_1'],
  ['an object without an id', { data: { object: {} } }, 'evt_1'],
  ['the balance of an account', { data: { object: { object: 'balance' } } }, 'stripe::balance'],
])('decides events of %s one after the other', (_what, more, scope) => {
  expect(normalize(stripeEvent('evt_1', 'x', more)).scope).toBe(scope);
});

it('tells which bad news of its object a piece of good news ends', () => {
  expect(normalize(stripeEvent('evt_1', 'payout.paid')).endsTypes).toEqual(['payout.failed', 'payout.canceled']);
  expect(normalize(stripeEvent('evt_1', 'payout.failed'))).not.toHaveProperty('endsTypes');
});

it('cuts what is longer than any id, name or text of Stripe', () => {
  const long = 'x'.repeat(100_000);
  const { event, facts, scope } = normalize(
    stripeEvent(long, long, { account: long, data: { object: { id: long, failure_message: long, reason: long } } }),
  );
  expect(event.event_id.length).toBeLessThanOrEqual(200);
  expect(scope.length).toBeLessThan(500);
  expect(event.summary.length).toBeLessThan(800);
  expect(Buffer.byteLength(event.description ?? '')).toBeLessThanOrEqual(65_536);
  expect(facts.reason).toHaveLength(500);
});

it('what the source made of a payload is used as it is, and nothing else that stands in its place', () => {
  const signal = { signalId: 's', requestId: 'r', vendor: 'stripe', source: 'stripe' };
  const payload = stripeEvent('evt_1', 'payout.failed');
  const passed = createStripeSource(['whsec_one']).check(payload);
  const checked = passed.ok ? passed.checked : undefined;
  expect(checked).toBeDefined();
  expect(normalizeStripe({ ...signal, payload: {}, checked })).toMatchObject([{ event: { event_id: 'evt_1' } }]);
  const other = { id: 'evt_2', type: 'payout.paid' };
  expect(normalizeStripe({ ...signal, payload, checked: other })).toMatchObject([{ event: { event_id: 'evt_1' } }]);
});
