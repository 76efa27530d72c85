// Lets an alert of payments and one of a vendor that start together name each other. They are of different scopes, so
// this follows once the later one is stored, one pair after the other.
import type { Alert } from '../domain/alert.ts';
import { withEachOther } from '../domain/them-or-us.ts';
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import { announceAlerts } from './announce.ts';
import type { Bus } from './bus.ts';
import type { Counterparts } from './counterparts.ts';
import type { Thread, Topics } from './topics.ts';

export interface RelateDeps {
  readonly store: Pick<EventStore, 'transact' | 'readAlert'>;
  readonly bus: Pick<Bus, 'publish' | 'on'>;
  readonly counterparts: Pick<Counterparts, 'of'>;
  /** Whether the source is one whose alerts have another side. */
  readonly hasOtherSide: (source: string) => boolean;
  readonly background: (work: Promise<void>) => void;
  readonly log: Log;
  readonly now: () => number;
}

/** In a storm of alerts the first ones are enough. */
const maxWaiting = 100;

export const relateAlerts = (deps: RelateDeps): void => {
  const { store, bus, counterparts, hasOtherSide, background, log, now } = deps;
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  const relate = async (thread: Thread, alert: Alert, other: Alert): Promise<void> => {
    const nowMs = now();
    const scopes = [...new Set([alert.scope, other.scope])];
    const endedSince = other.resolved_at ?? toIso(nowMs);
    const done = await store.transact({ scopes, endedSince, alertId: alert.alert_id }, ({ alerts }) => {
      const a = alerts.find(({ alert_id: id }) => id === alert.alert_id);
      const b = alerts.find(({ alert_id: id }) => id === other.alert_id);
      const changes = a && b ? withEachOther(a, b).map((each) => ({ alert: each, history: [] })) : [];
      return { result: { before: alerts, changes }, alerts: changes };
    });
    announceAlerts(bus, thread, done.before, done.changes, nowMs);
  };

  const look = async ({ signalId, requestId, alertId }: Topics['alert.changed']): Promise<void> => {
    const alert = (await store.readAlert(alertId))?.alert;
    if (!alert) return;
    for (const other of await counterparts.of(alert)) await relate({ signalId, requestId }, alert, other);
  };

  bus.on('alert.changed', (message) => {
    const isNew = message.change === 'opened' || message.change === 'reopened';
    if (!isNew || !hasOtherSide(message.source) || waiting >= maxWaiting) return;
    waiting += 1;
    last = last
      .then(() => look(message))
      .catch((error: unknown) =>
        log.warn(
          { request_id: message.requestId, alert_id: message.alertId, error: errorText(error) },
          'alert.not_related',
        ),
      )
      .finally(() => {
        waiting -= 1;
      });
    background(last);
  });
};
