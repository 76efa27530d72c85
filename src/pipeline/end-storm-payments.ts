// Good news has the scope of its object, and a storm may have put payments that it ends into alerts of other scopes. They
// end once the good news is stored: from then on no storm takes in another one. A process that dies in between gets the
// good news once more, because it has not answered.
import { endByGoodNews } from '../domain/ended-by-success.ts';
import { isRecord } from '../domain/event-record.ts';
import type { Policy } from '../domain/ruling.ts';
import type { AlertChange } from '../domain/settle-alert.ts';
import { type Changes, type EventStore, maxGuests, type Snapshot, type TransactKeys } from '../stores/event-store.ts';
import { announceAlerts } from './announce.ts';
import { type OnBroken, unlessBroken } from './broken-rules.ts';
import type { Bus } from './bus.ts';
import { paymentsOf } from './payments-of.ts';
import type { Thread } from './topics.ts';

export interface EndGuestsDeps {
  readonly store: Pick<EventStore, 'transact'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly policy: () => Policy;
  readonly onBroken: OnBroken;
}

/** The scopes of the alerts that have to be read, or what one pass has ended and whether there may be more. */
type Pass =
  | { readonly unread: readonly string[] }
  | { readonly before: Snapshot['alerts']; readonly changes: readonly AlertChange[]; readonly isLast: boolean };

/** @param keys of the good news; the first scope is its own */
export const createEndGuests =
  ({ store, bus, policy, onBroken }: EndGuestsDeps) =>
  async (thread: Thread, { eventId, endedSince, scopes: [own = ''] }: TransactKeys, nowMs: number): Promise<void> => {
    const { requestId } = thread;

    const end = ({ event: news, alerts, guests }: Snapshot, scopes: readonly string[]): Changes<Pass> => {
      const unread = guests.flatMap(({ alert_scope: scope = own }) => (scopes.includes(scope) ? [] : scope));
      if (unread.length > 0) return { result: { unread } };
      if (!isRecord(news)) return { result: { before: [], changes: [], isLast: true } };
      const endBy = (by: Policy) => endByGoodNews(news, alerts, guests, { policy: by, nowMs, requestId });
      const at = { requestId, eventId: news.event.event_id };
      const { alerts: changes, recovered } = unlessBroken(policy(), endBy, (error) => onBroken(at, error));
      return {
        result: { before: alerts, changes, isLast: guests.length < maxGuests || recovered.length === 0 },
        alerts: changes,
        otherEvents: recovered,
        paymentsOf: paymentsOf(alerts, changes),
      };
    };

    // Each pass reads another alert, or ends a payment, or is the last.
    let scopes = [own];
    for (;;) {
      const keys = { eventId, endedSince, scopes, withGuests: true };
      const done = await store.transact(keys, (snapshot) => end(snapshot, scopes));
      if ('unread' in done) {
        scopes = [...new Set([...scopes, ...done.unread])];
        continue;
      }
      announceAlerts(bus, thread, done.before, done.changes, nowMs);
      if (done.isLast) return;
    }
  };
