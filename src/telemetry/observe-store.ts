import type { Change, EventStore } from '../stores/event-store.ts';
import type { StoreMetrics, StoreOperation } from './store-metrics.ts';

/** The store, with what it could not do and what it has kept told to the metrics. */
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
    find: (eventId) => watch('find', store.find(eventId)),
    change(eventId, decide) {
      // Of several runs, the last one is what was kept.
      let last: Change<unknown> | undefined;
      const answer = store.change(eventId, (found) => {
        const change = decide(found);
        last = change;
        return change;
      });
      return watch('change', answer, () => last && metrics.kept(last));
    },
    read: (eventId) => watch('read', store.read(eventId)),
    list: (query) => watch('list', store.list(query)),
    listDeliveries: (query) => watch('listDeliveries', store.listDeliveries(query)),
    findDelivery: (id) => watch('findDelivery', store.findDelivery(id)),
    changes: (after, limit) => watch('changes', store.changes(after, limit)),
    openEvents: (source) => watch('openEvents', store.openEvents(source)),
    dueDeliveries: (nowMs, limit) => watch('dueDeliveries', store.dueDeliveries(nowMs, limit)),
    backlog: () => watch('backlog', store.backlog()),
    undecided: (seenBefore, limit) => watch('undecided', store.undecided(seenBefore, limit)),
    loadState: (key) => watch('loadState', store.loadState(key)),
    saveState: (key, state) => watch('saveState', store.saveState(key, state)),
    prune: (firstSeenBefore, limit) => watch('prune', store.prune(firstSeenBefore, limit)),
    lead: (name, forMs) => watch('lead', store.lead(name, forMs)),
    ping: () => watch('ping', store.ping()),
  };
};
