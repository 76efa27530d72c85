// Decisions that are made at the same time.
import { expect, it } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import {
  alert,
  type CreateStore,
  deliveriesOf,
  entry,
  keep,
  keepTold,
  listed,
  longAgo,
  noScopes,
  numbered,
  record,
  stored,
  useStore,
} from './setup.ts';

export const isolationContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it('a decision that throws takes none of those with it that are made at the same time', async () => {
    const store = current();
    const results = await Promise.allSettled([
      keep(store, record('a')),
      store.transact({ ...noScopes, eventId: 'a' }, () => {
        throw new Error('the decision is broken');
      }),
      keep(store, record('b')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([...(await listed(store))].sort()).toEqual(['a', 'b']);
  });

  it('of fifty who store one event at once, one does and the others find it stored', async () => {
    const store = current();
    const results = await Promise.all(
      numbered(50).map((requestId) =>
        store.transact({ ...noScopes, eventId: 'evt_1' }, ({ event }) =>
          event === undefined
            ? {
                result: 'stored',
                event: record('evt_1', 0, {}, { request_id: requestId }),
                eventHistory: [entry('stored')],
              }
            : { result: 'found' },
        ),
      ),
    );
    expect(results.filter((result) => result === 'stored')).toHaveLength(1);
    expect((await store.readEvent('evt_1'))?.history).toEqual([entry('stored')]);
  });

  it('no change is lost when fifty change one event at once, and each sees those before it', async () => {
    const store = current();
    await keep(store, record('evt_1'));
    await Promise.all(
      numbered(50).map(() =>
        store.transact({ ...noScopes, eventId: 'evt_1' }, ({ event }) => {
          const count = stored(event).seen_count + 1;
          const eventHistory = [{ ...entry('updated'), reason: String(count) }];
          return { result: undefined, event: { ...stored(event), seen_count: count }, eventHistory };
        }),
      ),
    );
    expect(await store.find('evt_1')).toMatchObject({ seen_count: 51 });
    const reasons = (await store.readEvent('evt_1'))?.history.map(({ reason }) => reason);
    expect(reasons).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 2)));
  });

  it('of fifty events of one scope at once, the first opens an alert and the others join it', async () => {
    const store = current();
    const outcomes = await Promise.all(
      numbered(50).map((id) =>
        store.transact({ eventId: id, scopes: ['acme_status'], endedSince: longAgo }, ({ alerts }) => {
          const found = alerts[0];
          const changed = found ? { ...found, uncounted: found.uncounted + 1 } : alert(id);
          const event = record(id, 0, {}, { alert_id: changed.alert_id });
          return {
            result: found ? 'joined' : 'opened',
            event,
            alerts: [{ alert: changed, history: [entry('joined')] }],
          };
        }),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === 'opened')).toHaveLength(1);
    const { alerts } = await store.listAlerts({ limit: 10 });
    expect(alerts).toMatchObject([{ uncounted: 49 }]);
    expect((await store.readAlert(alerts[0]?.alert_id ?? ''))?.history).toHaveLength(50);
    expect(await listed(store, { alert_id: alerts[0]?.alert_id })).toHaveLength(50);
  });

  it('who comes by an alert’s id and who comes by its scope change it one after the other', async () => {
    const store = current();
    await keepTold(store, record('a'), deliveriesOf('a', {}));
    const count = (found: Alert): Alert => ({ ...found, uncounted: found.uncounted + 1 });
    await Promise.all(
      numbered(20).flatMap(() => [
        store.transact({ scopes: ['acme_status'], endedSince: longAgo, alertId: 'a' }, ({ alerts }) => ({
          result: undefined,
          alerts: alerts.map((found) => ({ alert: count(found), history: [] })),
        })),
        store.transact({ scopes: ['acme_status'], endedSince: longAgo }, ({ alerts }) => ({
          result: undefined,
          alerts: alerts.map((found) => ({ alert: count(found), history: [] })),
        })),
      ]),
    );
    expect((await store.readAlert('a'))?.alert.uncounted).toBe(40);
  });

  it('fifty different events stored at once are all stored', async () => {
    const names = numbered(50);
    await Promise.all(names.map((id) => keep(current(), record(id))));
    expect([...(await listed(current()))].sort()).toEqual([...names].sort());
  });

  it('what was decided can be read as soon as the decision has resolved', async () => {
    const store = current();
    for (const id of numbered(5)) {
      await keepTold(store, record(id), deliveriesOf(id, {}));
      expect(await listed(store, { state: 'open' })).toContain(id);
      expect((await store.listAlerts({ limit: 1 })).alerts).toMatchObject([{ alert_id: id }]);
      expect((await store.listDeliveries({ limit: 1 })).deliveries).toMatchObject([{ alert_id: id }]);
    }
  });
};
