// What the rows of `version-2.sql` and `version-5.sql` say, of which each database has its own.
import { expect } from 'vitest';
import type { EventStore } from '../../src/stores/event-store.ts';
import { at, entry, hardText, listed, reviseEvent } from '../contract/event-store/setup.ts';
import { aRecord } from '../support/builders.ts';

const declined = aRecord(
  {
    event_id: 'evt_declined',
    source: 'stripe',
    kind: 'payment',
    severity: 'warning',
    service: 'stripe',
    summary: 'payment_intent.payment_failed: pi_1',
    description: 'Your card was declined.',
  },
  {
    facts: {
      type: 'payment_intent.payment_failed',
      object: 'payment_intent',
      object_id: 'pi_1',
      amount: 1200,
      currency: 'eur',
      account: 'acct_1',
    },
    scope: 'stripe:acct_1:pi_1',
    traits: { item: 'payment', name: 'payment_intent.payment_failed', components: [], group: null, pageSize: 0 },
    routing_reason: 'Not sent.',
    first_seen_at: at(0),
    last_seen_at: at(0),
  },
);

const outage = aRecord(
  { event_id: 'acme_status:component:c1', description: hardText },
  {
    facts: { page: 'acme', item: 'component', component: hardText },
    traits: { item: 'component', name: hardText, components: ['c1'], group: 'g', pageSize: 7 },
    alert_id: 'acme_status:component:c1',
    alerts_opened: 1,
    routed: true,
    routing_reason: 'Sent.',
    first_seen_at: at(1),
    last_seen_at: at(4),
    seen_count: 4,
  },
);

const request = { request_id: 'req-first' };

export const expectVersion2 = async (store: EventStore): Promise<void> => {
  expect(await listed(store)).toEqual(['acme_status:component:c1', 'evt_declined']);
  expect(await store.readEvent('evt_declined')).toEqual({
    record: declined,
    deliveries: [],
    rawJson: '{"id":"evt_declined","amount":1200}',
    history: [
      { ...entry('stored'), ...request },
      {
        ...entry('routing_decided'),
        ...request,
        reason: 'Not sent.',
        fields: { routed: { old: false, new: false } },
      },
    ],
    attempts: new Map(),
  });
  expect(await store.readEvent('acme_status:component:c1')).toMatchObject({
    record: outage,
    deliveries: [{ status: 'delivered' }],
    rawJson: JSON.stringify({ [hardText]: [hardText] }),
    history: [{ change: 'stored' }, { change: 'joined', ...request }],
  });
  await reviseEvent(store, 'evt_declined', (found) => ({ ...found, routing_reason: 'Sent after all.' }));
  const { events } = await store.listEvents({ limit: 1, service: 'stripe', withRaw: true });
  expect(events).toMatchObject([
    { record: { ...declined, routing_reason: 'Sent after all.' }, rawJson: '{"id":"evt_declined","amount":1200}' },
  ]);
};
