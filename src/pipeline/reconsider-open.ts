// Has the rules decide anew on all that is open: new rules were loaded, or a destination has another key or address now.
import { randomUUID } from 'node:crypto';
import type { Alert } from '../domain/alert.ts';
import type { DestinationTraits } from '../domain/destination-traits.ts';
import type { Observation } from '../domain/observation.ts';
import { isUnheardOf, toldElsewhere, toldOfUnreadPages, toldToNobody } from '../domain/told-elsewhere.ts';
import { StoreUnavailable } from '../lib/errors.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from '../stores/event-store.ts';
import { readOpenAlerts, readOpenEvents } from '../stores/walk-open.ts';
import type { Bus } from './bus.ts';

export interface ReconsiderOpenDeps {
  readonly store: Pick<EventStore, 'listAlerts' | 'listEvents'>;
  readonly destinations: () => readonly DestinationTraits[];
  /** The sources of the status pages that are read. */
  readonly pageSources: () => readonly string[];
  readonly bus: Pick<Bus, 'publish' | 'on'>;
  /** Told when the store went away before all that was asked was decided: it has to be asked again. */
  readonly onLost: () => void;
  readonly log: Log;
}

/** Neither rejects. False when the store cannot tell what is open, which is logged: to be tried again. */
export interface ReconsiderOpen {
  /** Nobody is told again what they were told; what is newly sent and open is told. */
  reconsider(): Promise<boolean>;
  /** What people were told under another key or address, or the mock alone was told: those of today are told too. */
  reconsiderToldElsewhere(): Promise<boolean>;
}

const closeThere =
  'these open alerts were told to a key or an address that is not configured any more, so their end cannot be sent there: close them there manually';
const resolveHere =
  'the status page of these open alerts is not read any more, so nothing ends them: resolve them manually, or read it again under its former name';
/** So many alerts are named in one line of the log. */
const maxNamed = 20;

const named = (alerts: readonly Alert[]) => ({
  alerts: alerts.length,
  alert_ids: alerts.slice(0, maxNamed).map(({ alert_id: id }) => id),
});

const reconsideration = (eventId: string, scope: string): Observation => ({ type: 'reconsideration', eventId, scope });

export const createReconsiderOpen = (deps: ReconsiderOpenDeps): ReconsiderOpen => {
  const { store, destinations, pageSources, bus, onLost, log } = deps;
  const asked = { rules: '', start: '' };
  let warned: ReadonlySet<string> = new Set();
  const fault = createFaultLog(log, {
    failed: 'rules.open_alerts_not_asked',
    over: 'rules.open_alerts_asked',
    level: 'error',
  });

  const noteLost = (signalId: string, error: unknown): void => {
    if (error instanceof StoreUnavailable && Object.values(asked).includes(signalId)) onLost();
  };
  bus.on('stage.failed', ({ signalId, error }) => noteLost(signalId, error));
  bus.on('signal.processed', ({ signalId, outcomes }) => {
    for (const outcome of outcomes) if (outcome.kind === 'failed') noteLost(signalId, outcome.error);
  });

  const isDone = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      fault.worked();
      return true;
    } catch (error) {
      fault.failed(error);
      return false;
    }
  };

  /** Each source once, until its status page is read again. */
  const warnOfUnread = (open: readonly Alert[]): void => {
    const unread = toldOfUnreadPages(open, pageSources());
    for (const [source, alerts] of unread)
      if (!warned.has(source)) log.warn({ source, ...named(alerts), what_to_do: resolveHere }, 'page.not_read');
    warned = new Set(unread.keys());
  };

  const askOfAll = async (): Promise<void> => {
    const signalId = randomUUID();
    asked.rules = signalId;
    const thread = { signalId, requestId: `rules-${signalId}` };
    const openAlerts = await readOpenAlerts(store);
    warnOfUnread(openAlerts);
    const events = await readOpenEvents(store);
    const alone = events.filter(({ alert_id: alertId }) => alertId === null);
    // An event that goes on may have an alert that has ended: it became less serious than what was sent until now.
    const alerts = new Map(events.flatMap(({ alert_id: id, scope }) => (id === null ? [] : [[id, scope] as const])));
    for (const alert of openAlerts) {
      if (isUnheardOf(alert, pageSources())) alerts.delete(alert.alert_id);
      else alerts.set(alert.alert_id, alert.scope);
    }
    for (const [alertId, scope] of alerts) bus.publish('alert.due', { ...thread, alertId, scope, cause: 'rules' });
    if (alone.length === 0) return;
    const observations = alone.map(({ event, scope }) => reconsideration(event.event_id, scope));
    bus.publish('signal.normalized', { ...thread, observations });
  };

  const askOfToldElsewhere = async (): Promise<void> => {
    const signalId = randomUUID();
    asked.start = signalId;
    const open = await readOpenAlerts(store);
    const elsewhere = toldElsewhere(open, destinations());
    for (const [destination, alerts] of elsewhere)
      log.warn({ destination, ...named(alerts), what_to_do: closeThere }, 'destinations.unreachable');
    warnOfUnread(open);
    const untold = toldToNobody(open, destinations()).filter((alert) => !isUnheardOf(alert, pageSources()));
    for (const { alert_id: alertId, scope } of new Set([...elsewhere.values(), untold].flat()))
      bus.publish('alert.due', { signalId, requestId: `start-${signalId}`, alertId, scope, cause: 'rules' });
  };

  return { reconsider: () => isDone(askOfAll), reconsiderToldElsewhere: () => isDone(askOfToldElsewhere) };
};
