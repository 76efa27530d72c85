import { expect, it, onTestFinished, vi } from 'vitest';
import { environmentRules, type Rules } from '../../src/domain/rules/rules.ts';
import type { NewSilence } from '../../src/domain/rules/silence-request.ts';
import { compileSilence } from '../../src/domain/rules/silences.ts';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createSilences } from '../../src/pipeline/silences.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aMember, anAlert, aRecord } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';
import { collectLog } from '../support/log.ts';
import { aSilence } from '../support/silences.ts';

const rules = environmentRules({ routeWarning: false, destinations: ['pagerduty'] });
const wanted: NewSilence = {
  when: { page: 'acme' },
  from: '2026-03-01T12:00:00.000Z',
  until: '2026-03-01T14:00:00.000Z',
  by: 'jo',
  because: 'They move',
};

/** Replicas over one store. */
const start = (refreshMs = 1, capacity = 100) => {
  const store = createMemoryStore({ eventCapacity: capacity, dedupeCapacity: capacity });
  const clock = createClock();
  const logged = collectLog();
  let current: Rules = rules;
  const replica = () => {
    const bus = createBus();
    const due: string[] = [];
    bus.on('alert.due', ({ alertId, scope, cause }) => due.push(`${alertId} ${scope} ${cause}`));
    const silences = createSilences({ store, bus, rules: () => current, log: logged.log, now: clock.now, refreshMs });
    onTestFinished(() => silences.stop());
    return { bus, due, silences };
  };
  return {
    store,
    clock,
    logged,
    replica,
    setRules(next: Rules) {
      current = next;
    },
    /** Stores an open alert of one event of a status page. */
    open: (alertId: string, page = 'acme') =>
      store.transact({ eventId: alertId, scopes: [], endedSince: '', alertId }, () => ({
        result: undefined,
        event: aRecord({ event_id: alertId }, { alert_id: alertId, facts: { page } }),
        alerts: [{ alert: anAlert({ alert_id: alertId, members: [aMember({ event_id: alertId })] }), history: [] }],
      })),
    resolve: (alertId: string) =>
      store.transact({ scopes: [], endedSince: '', alertId }, ({ alerts: [alert] }) => ({
        result: undefined,
        ...(alert && {
          alerts: [{ alert: { ...alert, state: 'resolved', resolved_at: '2026-03-01T12:30:00.000Z' }, history: [] }],
        }),
      })),
  };
};

it('a silence is known at once where it was made, and at another replica when that has looked', async () => {
  const { replica } = start();
  const [one, other] = [replica(), replica()];
  await other.silences.start();
  await one.silences.create(wanted, 'req-1');
  expect(one.silences.current()).toMatchObject([{ because: 'They move', when: { written: { page: 'acme' } } }]);
  await expect.poll(() => other.silences.current()).toHaveLength(1);
});

it('a silence that ends or begins makes the open alerts that it matches be looked at, and no others', async () => {
  const { replica, open } = start();
  await open('a');
  await open('b', 'other');
  const { silences, due } = replica();
  const created = await silences.create(wanted, 'req-1');
  expect(due).toEqual(['a acme_status time']);
  if (!('silence' in created)) throw new Error('it was refused');
  await silences.expire(created.silence.id, 'req-2');
  expect(due).toEqual(['a acme_status time', 'a acme_status time']);
  await silences.expire(created.silence.id, 'req-3');
  expect(due).toHaveLength(2);
});

it('another replica looks at them too once it knows: it may have decided by what it knew before', async () => {
  const { replica, open } = start();
  await open('a');
  await open('b', 'other');
  const [one, other] = [replica(), replica()];
  await other.silences.start();
  const created = await one.silences.create(wanted, 'req-1');
  await expect.poll(() => other.due).toEqual(['a acme_status time']);
  if (!('silence' in created)) throw new Error('it was refused');
  await one.silences.expire(created.silence.id, 'req-2');
  await expect.poll(() => other.due).toEqual(['a acme_status time', 'a acme_status time']);
});

it('what could not be looked at because the store went away is looked at when it is back', async () => {
  const { store, replica, open } = start();
  await open('a');
  const { silences, due } = replica();
  await silences.start();
  vi.spyOn(store, 'listAlerts').mockRejectedValueOnce(new StoreUnavailable('store_unavailable', 'away'));
  expect(await silences.create(wanted, 'req-1')).toHaveProperty('silence');
  await expect.poll(() => due).toEqual(['a acme_status time']);
});

it('a silence that has ended by its time is no longer asked, but listed for 30 days', async () => {
  const { replica, clock } = start();
  const { silences } = replica();
  await silences.create(wanted, 'req-1');
  clock.set('2026-03-01T14:00:00.000Z');
  expect(silences.current()).toEqual([]);
  expect(await silences.list()).toMatchObject([{ state: 'expired' }]);
  clock.set('2026-04-01T00:00:00.000Z');
  const later = { ...wanted, from: '2026-04-01T00:00:00.000Z', until: '2026-04-02T00:00:00.000Z' };
  await silences.create(later, 'req-2');
  expect(await silences.list()).toMatchObject([{ state: 'active', from: later.from }]);
});

it('a planned silence is known, and is none yet', async () => {
  const { replica } = start();
  const { silences } = replica();
  await silences.create({ ...wanted, from: '2026-03-01T13:00:00.000Z' }, 'req-1');
  expect(silences.current()).toHaveLength(1);
  expect(await silences.list()).toMatchObject([{ state: 'planned' }]);
});

it('a silence until `resolved` takes in no later alert, and ends with the last of its own', async () => {
  const { replica, open, resolve } = start();
  await open('a');
  await open('b');
  const { silences, bus } = replica();
  const bound = await silences.create({ ...wanted, until: 'resolved' }, 'req-1');
  expect(bound).toMatchObject({ silence: { stopped: ['b', 'a'] } });
  await open('c');
  const over = (alertId: string) =>
    bus.publish('alert.changed', {
      signalId: 's',
      requestId: 'r',
      alertId,
      change: 'resolved',
      state: 'resolved',
      source: 'acme_status',
      severity: 'critical',
    });
  await resolve('a');
  over('a');
  await silences.stop();
  expect(silences.current()).toMatchObject([{ alertIds: ['b', 'a'] }]);
  await resolve('b');
  over('b');
  await silences.stop();
  expect(silences.current()).toEqual([]);
});

it.each([[101], [1001]])('a silence until `resolved` is bound to all of %i alerts, or to none', async (count) => {
  const { replica, open } = start(1, count);
  for (let at = 0; at < count; at++) await open(`a${at}`);
  const { silences } = replica();
  const made = await silences.create({ ...wanted, until: 'resolved' }, 'req-1');
  const bound = silences.current().map(({ alertIds }) => alertIds.length);
  if (count > 1000) expect([made, bound]).toEqual([{ refused: 'too_many' }, []]);
  else expect(bound).toEqual([count]);
});

it('a silence until `resolved` reads its many alerts little more than once until the last of them ends', async () => {
  const count = 100;
  const { store, replica, open, resolve } = start(1e6, count);
  for (let at = 0; at < count; at++) await open(`a${at}`);
  const { silences, bus } = replica();
  await silences.create({ ...wanted, until: 'resolved' }, 'req-1');
  const readAlert = vi.spyOn(store, 'readAlert');
  for (const alertId of silences.current().flatMap(({ alertIds }) => alertIds)) {
    await resolve(alertId);
    const about = { signalId: 's', requestId: 'r', alertId, source: 'acme_status', severity: 'critical' } as const;
    bus.publish('alert.changed', { ...about, change: 'resolved', state: 'resolved' });
    // Waits for the look.
    await silences.stop();
  }
  expect(silences.current()).toEqual([]);
  expect(readAlert.mock.calls.length).toBeLessThanOrEqual(3 * count);
});

it('a silence until `resolved` ends, too, when its alert ended at a replica that did not know of it yet', async () => {
  const { replica, open, resolve } = start();
  await open('a');
  const [one, other] = [replica(), replica()];
  await one.silences.create({ ...wanted, until: 'resolved' }, 'req-1');
  await other.silences.start();
  await resolve('a');
  await expect.poll(() => other.silences.current()).toEqual([]);
});

it('a silence until `resolved` ends with its own alerts beside others, of which the newest is listed first', async () => {
  const { replica, open, resolve } = start();
  const { silences, bus } = replica();
  await silences.create(wanted, 'req-1');
  await open('a');
  await silences.create({ ...wanted, until: 'resolved', because: 'We know' }, 'req-2');
  expect((await silences.list()).map(({ because }) => because)).toEqual(['We know', 'They move']);
  await resolve('a');
  const about = { signalId: 's', requestId: 'r', alertId: 'a', source: 'acme_status', severity: 'critical' } as const;
  bus.publish('alert.changed', { ...about, change: 'resolved', state: 'resolved' });
  await silences.stop();
  expect((await silences.list()).map(({ because, state }) => `${because} ${state}`)).toEqual([
    'We know expired',
    'They move active',
  ]);
});

/** Stores an open alert that `wanted` holds back. */
const openSilenced = (store: ReturnType<typeof start>['store'], alertId: string) => {
  const ruling = { ...aMember().ruling, silenced_until: wanted.until, silenced_because: wanted.because };
  const alert = anAlert({ alert_id: alertId, members: [aMember({ event_id: alertId, ruling })] });
  const keys = { eventId: alertId, scopes: [], endedSince: '', alertId };
  return store.transact(keys, () => ({ result: undefined, alerts: [{ alert, history: [] }] }));
};

it('what a silence stops is noted though nobody asks for the list', async () => {
  const { store, clock, replica, resolve } = start();
  const { silences } = replica();
  await silences.create(wanted, 'req-1');
  await openSilenced(store, 'a');
  await silences.start();
  await openSilenced(store, 'b');
  clock.advance(15_000);
  await expect.poll(async () => JSON.stringify(await store.loadState('silences'))).toContain('"stopped":["a","b"]');
  await resolve('a');
  await resolve('b');
  clock.advance(3 * 3_600_000);
  expect(await silences.list()).toMatchObject([{ state: 'expired', stopped: ['a', 'b'] }]);
});

it('what a silence was seen to stop stays listed when it is over, beside what it stops later', async () => {
  const { store, replica, resolve } = start();
  const { silences } = replica();
  await silences.create(wanted, 'req-1');
  await openSilenced(store, 'a');
  expect(await silences.list()).toMatchObject([{ stopped: ['a'] }]);
  await resolve('a');
  await openSilenced(store, 'b');
  expect(await silences.list()).toMatchObject([{ stopped: ['a', 'b'] }]);
});

it('what a silence of the file has stopped stays listed when it is over, also after a start', async () => {
  const { store, clock, replica, resolve, setRules } = start();
  const ofFile = compileSilence({ ...aSilence('file-1'), origin: 'file', because: wanted.because }, rules);
  setRules({ ...rules, silences: [ofFile] });
  const { silences } = replica();
  await openSilenced(store, 'a');
  await silences.start();
  await resolve('a');
  await openSilenced(store, 'b');
  expect(await silences.list()).toMatchObject([{ state: 'active', stopped: ['a', 'b'] }]);
  await resolve('b');
  clock.advance(3 * 3_600_000);
  expect(await replica().silences.list()).toMatchObject([{ state: 'expired', stopped: ['a', 'b'] }]);
});

it('what ended while nobody listened is noticed at the next start', async () => {
  const { replica, open, resolve } = start();
  await open('a');
  await replica().silences.create({ ...wanted, until: 'resolved' }, 'req-1');
  await resolve('a');
  const next = replica();
  await next.silences.start();
  expect(next.silences.current()).toEqual([]);
});

it('there are never more than 1,000: the oldest ended one makes room, and what has not ended is not given up', async () => {
  const { store, replica, clock } = start();
  const kept = (at: number, more: object = {}) => ({
    ...wanted,
    id: `sil_${at}`,
    origin: 'api',
    alertIds: [],
    expired_at: null,
    stopped: [],
    ...more,
  });
  const live = Array.from({ length: 998 }, (_, at) => kept(at));
  const ended = [
    kept(998, { expired_at: '2026-03-01T11:59:00.000Z' }),
    kept(999, { expired_at: '2026-03-01T11:58:00.000Z' }),
  ];
  await store.saveState('silences', { silences: [...live, ...ended] });
  const { silences } = replica();
  expect(await silences.create(wanted, 'req-1')).toHaveProperty('silence');
  const ids = (await silences.list()).map(({ id }) => id);
  expect([ids.length, ids.includes('sil_998'), ids.includes('sil_999')]).toEqual([1000, true, false]);
  expect(await silences.create(wanted, 'req-2')).toHaveProperty('silence');
  expect(await silences.create(wanted, 'req-3')).toEqual({ refused: 'full' });
  clock.set('2026-03-01T14:00:00.000Z');
  expect(await silences.create({ ...wanted, until: '2026-03-01T15:00:00.000Z' }, 'req-4')).toHaveProperty('silence');
});

it('new rules are asked with the windows that they have', async () => {
  const { replica, setRules } = start();
  const { silences } = replica();
  await silences.create({ ...wanted, when: { during: 'night' } }, 'req-1');
  const subject = {
    event: { source: 'stripe', kind: 'payment', service: 'stripe', summary: 'x', severity: 'critical' },
    facts: {},
  } as const;
  const matches = () => silences.current()[0]?.when.matches(subject, 0);
  expect(matches()).toBe(false);
  setRules({ ...rules, windows: new Map([['night', { endsAt: () => 1 }]]) });
  expect(matches()).toBe(true);
});

it('a silence that cannot be read any more is left out, and that is said', async () => {
  const { store, replica, logged } = start();
  await store.saveState('silences', { silences: [{ id: 'old' }] });
  const { silences } = replica();
  await silences.start();
  expect(silences.current()).toEqual([]);
  expect(logged.of('silences.unreadable')).toMatchObject([{ unreadable: 1 }]);
});

it('while the store is away what is known goes on, and that is said once', async () => {
  const { store, replica, logged } = start();
  const { silences } = replica();
  await silences.create(wanted, 'req-1');
  const load = vi.spyOn(store, 'loadState');
  load.mockRejectedValue(new StoreUnavailable('store_unavailable', 'away'));
  await silences.start();
  await expect.poll(() => load.mock.calls.length).toBeGreaterThan(2);
  expect(silences.current()).toHaveLength(1);
  expect(logged.of('silences.not_read').filter(({ level }) => level !== 'debug')).toHaveLength(1);
  await expect(silences.list()).rejects.toBeInstanceOf(StoreUnavailable);
});

it('a reading that was under way when a silence was made does not undo it', async () => {
  const { store, replica } = start(1_000_000);
  const { silences } = replica();
  const late = Promise.withResolvers<unknown>();
  vi.spyOn(store, 'loadState').mockReturnValueOnce(late.promise);
  const started = silences.start();
  await silences.create(wanted, 'req-1');
  late.resolve(undefined);
  await started;
  expect(silences.current()).toHaveLength(1);
});

it('looks do not pile up while the store is slow', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { store } = start();
  const slow = Promise.withResolvers<void>();
  let reads = 0;
  const silences = createSilences({
    store: {
      ...store,
      async loadState(key) {
        reads += 1;
        if (reads > 1) await slow.promise;
        return store.loadState(key);
      },
    },
    bus: createBus(),
    rules: () => rules,
    log: collectLog().log,
    now: createClock().now,
  });
  await silences.start();
  await vi.advanceTimersByTimeAsync(600_000);
  slow.resolve();
  await silences.stop();
  expect(reads).toBe(3);
});
