// Good news has the scope of its object, and a storm may have put what it ends into an alert of another scope. Which one
// shows only inside the transaction, so it is begun again with that alert's scope among its keys.
import type { Changes, EventStore, Snapshot, TransactKeys } from '../stores/event-store.ts';

/** Each time a storm would have to take in one more payment of the object in the same moment. */
const maxTries = 3;

/** Runs the transaction over the alerts of its scopes, and over those of other scopes that its guests are in. */
export const withHosts = async <T>(
  store: Pick<EventStore, 'transact'>,
  keys: TransactKeys,
  decide: (snapshot: Snapshot) => Changes<T>,
): Promise<T> => {
  let { scopes } = keys;
  for (let tries = 1; ; tries++) {
    const done = await store.transact<{ readonly missing: readonly string[] } | { readonly result: T }>(
      { ...keys, scopes },
      (snapshot) => {
        const hosts = new Set(snapshot.guests.flatMap(({ alert_scope: scope }) => scope ?? []));
        const missing = [...hosts].filter((scope) => !scopes.includes(scope));
        if (missing.length > 0 && tries < maxTries) return { result: { missing } };
        const changes = decide(snapshot);
        return { ...changes, result: { result: changes.result } };
      },
    );
    if ('result' in done) return done.result;
    scopes = [...scopes, ...done.missing];
  }
};
