import { expect, it } from 'vitest';
import type { Alert, Member } from '../../src/domain/alert.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createHeartbeatChecks } from '../../src/sinks/heartbeat-checks.ts';
import { createClock } from '../support/clock.ts';
import { aDelivery, aMember, anAlert } from '../support/telling.ts';

const ago = (minutes: number): string =>
  new Date(Date.parse('2026-03-01T12:00:00.000Z') - minutes * 60_000).toISOString();

interface World {
  readonly alerts?: readonly Alert[];
  readonly resolves?: readonly Delivery[];
  readonly lastGoodAt?: string | null;
  readonly down?: Error;
}

const check = async ({ alerts = [], resolves = [], lastGoodAt = ago(1), down }: World) => {
  const clock = createClock('2026-03-01T09:00:00.000Z');
  const checks = createHeartbeatChecks({
    store: {
      ping: () => (down ? Promise.reject(down) : Promise.resolve()),
      listAlerts: async ({ limit, before }) => {
        const from = before?.sequence ?? 0;
        return {
          alerts: alerts.slice(from, from + limit),
          next: from + limit < alerts.length ? { sequence: from + limit } : null,
        };
      },
      listDeliveries: async () => ({ deliveries: resolves, titles: new Map(), next: null }),
    },
    pages: async () => [{ name: 'acme', lastGoodAt }],
    destinations: () => [
      { name: 'oncall', target: aDelivery().target, fallback: { to: 'backup', afterMs: 60_000 } },
      { name: 'backup', target: 'b', fallback: null },
    ],
    staleAfterSeconds: 900,
    now: clock.now,
  });
  clock.set('2026-03-01T12:00:00.000Z');
  return checks();
};

const blind = (more: Partial<Member> = {}): Member =>
  aMember({ event_id: 'acme_status:page:x', item: 'page', kind: 'status', ...more });
const blindAlert = (member: Member, ...deliveries: readonly Delivery[]): Alert =>
  anAlert({ alert_id: 'acme_status:page:x', source: 'acme_status', members: [member], deliveries });
const told = aDelivery({ event_ids: ['acme_status:page:x'], status: 'delivered' });
const { ruling } = blind();
const failed = aDelivery({ status: 'failed', next_attempt_at: null });

it.each<[string, World]>([
  ['nothing is open', {}],
  [
    'a trigger has waited for less than five minutes',
    { alerts: [anAlert({ deliveries: [aDelivery({ created_at: ago(4) })] })] },
  ],
  [
    'an update waits for its turn',
    { alerts: [anAlert({ deliveries: [aDelivery({ action: 'update', created_at: ago(30) })] })] },
  ],
  [
    'what waited was asked for again just now',
    { alerts: [anAlert({ deliveries: [aDelivery({ created_at: ago(30), retried_at: ago(1) })] })] },
  ],
  ['a status page is blind, and somebody was told', { lastGoodAt: ago(60), alerts: [blindAlert(blind(), told)] }],
  [
    'a status page is blind, and a silence keeps it from being told',
    { lastGoodAt: ago(60), alerts: [blindAlert(blind({ ruling: { ...ruling, silenced_because: 'we move' } }))] },
  ],
  [
    'what failed was told by its fallback',
    {
      alerts: [
        anAlert({
          deliveries: [failed, aDelivery({ target: 'b', reason: 'fallback', status: 'delivered', ordinal: 2 })],
        }),
      ],
    },
  ],
  [
    'what failed was told to its fallback by a route of its own',
    { alerts: [anAlert({ deliveries: [failed, aDelivery({ target: 'b', status: 'delivered' })] })] },
  ],
  [
    'what failed was told there later',
    { alerts: [anAlert({ deliveries: [failed, aDelivery({ status: 'delivered', ordinal: 2 })] })] },
  ],
  ['what failed belongs to an earlier cycle', { alerts: [anAlert({ cycle: 2, deliveries: [failed] })] }],
])('all is well while %s', async (_, world) => {
  expect(await check(world)).toEqual([]);
});

it.each<[string, World, string]>([
  [
    'the store takes no writes',
    { down: new StoreUnavailable('store_full', 'the disk is full') },
    'the store takes no writes: the disk is full',
  ],
  ['a status page is blind', { lastGoodAt: ago(16) }, 'the status page "acme" cannot be read, and nobody was told'],
  ['a status page was never read', { lastGoodAt: null }, 'the status page "acme" cannot be read, and nobody was told'],
  [
    'its blindness was not accepted anywhere',
    { lastGoodAt: ago(16), alerts: [blindAlert(blind(), { ...told, status: 'pending', created_at: ago(1) })] },
    'the status page "acme" cannot be read, and nobody was told',
  ],
  [
    'an earlier blindness was told',
    { lastGoodAt: ago(16), alerts: [blindAlert(blind({ ended_at: ago(30) }), told)] },
    'the status page "acme" cannot be read, and nobody was told',
  ],
  [
    'another status page of this vendor was told',
    {
      lastGoodAt: ago(16),
      alerts: [{ ...blindAlert(blind(), told), source: 'other_status' }],
    },
    'the status page "acme" cannot be read, and nobody was told',
  ],
  [
    'the alert of its blindness told of something else',
    {
      lastGoodAt: ago(16),
      alerts: [blindAlert(blind(), { ...told, event_ids: ['acme_status:component:1'] })],
    },
    'the status page "acme" cannot be read, and nobody was told',
  ],
  [
    'a component of it was told',
    {
      lastGoodAt: ago(16),
      alerts: [blindAlert(blind({ item: 'component' }), told)],
    },
    'the status page "acme" cannot be read, and nobody was told',
  ],
  [
    'a trigger waits',
    { alerts: [anAlert({ deliveries: [aDelivery({ created_at: ago(6) })] })] },
    '1 notification waiting for more than 5 minutes (pager)',
  ],
  [
    'resolves wait',
    {
      resolves: [
        aDelivery({ action: 'resolve', created_at: ago(6) }),
        aDelivery({ action: 'resolve', ordinal: 9, created_at: ago(7), destination: 'chat' }),
      ],
    },
    '2 notifications waiting for more than 5 minutes (pager, chat)',
  ],
  [
    'a trigger failed for good',
    { alerts: [anAlert({ deliveries: [failed] })] },
    '1 notification of open alerts failed for good (pager)',
  ],
  ...[
    aDelivery({ target: 'c', status: 'delivered', ordinal: 2 }),
    aDelivery({ status: 'delivered', ordinal: 0 }),
    aDelivery({ action: 'update', status: 'delivered', ordinal: 2 }),
    aDelivery({ action: 'resolve', status: 'delivered', ordinal: 2 }),
    aDelivery({ target: 'b', reason: 'fallback', status: 'delivered', ordinal: 2, cycle: 2 }),
  ].map((other): [string, World, string] => [
    `what failed was not told by ${other.action} ${other.ordinal} of ${other.target} in cycle ${other.cycle}`,
    { alerts: [anAlert({ deliveries: [failed, other] })] },
    '1 notification of open alerts failed for good (pager)',
  ]),
  [
    'more destinations wait than can be named',
    {
      alerts: [
        anAlert({
          deliveries: ['a', 'b', 'c', 'd', 'e', 'f'].map((name, at) =>
            aDelivery({ destination: name, ordinal: at, created_at: ago(6) }),
          ),
        }),
      ],
    },
    '6 notifications waiting for more than 5 minutes (a, b, c, d, e)',
  ],
  [
    'its fallback was told of less by a route of its own',
    {
      alerts: [anAlert({ deliveries: [failed, aDelivery({ target: 'b', severity: 'warning', status: 'delivered' })] })],
    },
    '1 notification of open alerts failed for good (pager)',
  ],
  [
    'its fallback has not taken it yet',
    {
      alerts: [
        anAlert({
          deliveries: [failed, aDelivery({ target: 'b', reason: 'fallback', ordinal: 2, created_at: ago(1) })],
        }),
      ],
    },
    '1 notification of open alerts failed for good (pager)',
  ],
])('it fails when %s', async (_, world, reason) => {
  expect(await check(world)).toEqual([reason]);
});

it('a page that is not read yet is no fault until it has had its time', async () => {
  const clock = createClock('2026-03-01T12:00:00.000Z');
  const checks = createHeartbeatChecks({
    store: {
      ping: async () => undefined,
      listAlerts: async () => ({ alerts: [], next: null }),
      listDeliveries: async () => ({ deliveries: [], titles: new Map(), next: null }),
    },
    destinations: () => [],
    pages: async () => [{ name: 'acme', lastGoodAt: null }],
    staleAfterSeconds: 900,
    now: clock.now,
  });
  clock.advance(899_000);
  expect(await checks()).toEqual([]);
  clock.advance(2000);
  expect(await checks()).toHaveLength(1);
});

it('finds the one among many alerts', async () => {
  const alerts = Array.from({ length: 350 }, (_, at) =>
    anAlert({ alert_id: `a${at}`, deliveries: at === 349 ? [failed] : [] }),
  );
  expect(await check({ alerts })).toHaveLength(1);
});
