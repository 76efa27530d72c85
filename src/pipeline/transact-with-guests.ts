// Good news has the scope of its object, and a storm may have put a payment that it ends into an alert of another scope.
// Which scope shows only inside the transaction, so it is begun again with that scope among its keys.
import type { Changes, EventStore, Snapshot, TransactKeys } from '../stores/event-store.ts';

/** Each time a storm would have to take in one more payment of the object in the same moment. */
const maxTries = 3;

/** `transact` over the alerts of these scopes, and over those of other scopes that the guests are in (`isGuest`). */
export const transactWithGuests = <T>(
  store: Pick<EventStore, 'transact'>,
  keys: TransactKeys,
  decide: (snapshot: Snapshot) => Changes<T>,
): Promise<T> => (keys.withGuests ? untilAllAreIn(store, keys, decide) : store.transact(keys, decide));

const untilAllAreIn = async <T>(
  store: Pick<EventStore, 'transact'>,
  keys: TransactKeys,
  decide: (snapshot: Snapshot) => Changes<T>,
): Promise<T> => {
  let { scopes } = keys;
  for (let tries = 1; ; tries++) {
    const done = await store.transact<{ readonly missing: readonly string[] } | { readonly result: T }>(
      { ...keys, scopes },
      (snapshot) => {
        const ofGuests = new Set(snapshot.guests.flatMap(({ alert_scope: scope }) => scope ?? []));
        const missing = [...ofGuests].filter((scope) => !scopes.includes(scope));
        if (missing.length > 0 && tries < maxTries) return { result: { missing } };
        const changes = decide(snapshot);
        return { ...changes, result: { result: changes.result } };
      },
    );
    if ('result' in done) return done.result;
    scopes = [...scopes, ...done.missing];
  }
};
