import type { Changes, EventStore, Snapshot } from '../stores/event-store.ts';
import type { StoreMetrics, StoreOperation } from './store-metrics.ts';

/** The store; the metrics are told what it could not do, and what it has kept. */
export const observeStore = (store: EventStore, metrics: Pick<StoreMetrics, 'kept' | 'failed'>): EventStore => {
  const watch = <T>(operation: StoreOperation, answer: Promise<T>, onDone = (): void => undefined): Promise<T> =>
    answer.then(
      (result) => {
        onDone();
        return result;
      },
      (error: unknown) => {
        metrics.failed(operation, error);
        throw error;
      },
    );
  return {
    ...store,
    transact(keys, decide) {
      // Of several runs, the last one is what was kept.
      let last: { readonly changes: Changes<unknown>; readonly found: Snapshot } | undefined;
      const answer = store.transact(keys, (found) => {
        const changes = decide(found);
        last = { changes, found };
        return changes;
      });
      return watch('transact', answer, () => last && metrics.kept(last.changes, last.found));
    },
    find: (eventId) => watch('find', store.find(eventId)),
    readEvent: (eventId) => watch('readEvent', store.readEvent(eventId)),
    readAlert: (alertId) => watch('readAlert', store.readAlert(alertId)),
    findDelivery: (id) => watch('findDelivery', store.findDelivery(id)),
    readRaw: (eventId) => watch('readRaw', store.readRaw(eventId)),
    listEvents: (query) => watch('listEvents', store.listEvents(query)),
    listAlerts: (query) => watch('listAlerts', store.listAlerts(query)),
    listDeliveries: (query) => watch('listDeliveries', store.listDeliveries(query)),
    changes: (after, limit, of) => watch('changes', store.changes(after, limit, of)),
    ongoingEvents: (source) => watch('ongoingEvents', store.ongoingEvents(source)),
    dueDeliveries: (nowMs, limit, without, leaseNowMs) =>
      watch('dueDeliveries', store.dueDeliveries(nowMs, limit, without, leaseNowMs)),
    dueAlerts: (nowMs, limit) => watch('dueAlerts', store.dueAlerts(nowMs, limit)),
    stormOf: (stormKey, since) => watch('stormOf', store.stormOf(stormKey, since)),
    backlog: () => watch('backlog', store.backlog()),
    size: () => watch('size', store.size()),
    loadState: (key) => watch('loadState', store.loadState(key)),
    saveState: (key, state) => watch('saveState', store.saveState(key, state)),
    changeState: (key, change) => watch('changeState', store.changeState(key, change)),
    prune: (firstSeenBefore, limit) => watch('prune', store.prune(firstSeenBefore, limit)),
    tryLease: (name, forMs) => watch('tryLease', store.tryLease(name, forMs)),
    ping: () => watch('ping', store.ping()),
  };
};
