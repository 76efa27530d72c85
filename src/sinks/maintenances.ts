// Tells destinations that want to know when a vendor's announced maintenance begins and ends. It is no alert: it is told
// without asking the routes, and wakes nobody. What is to be told stands in the store until it is, so that a crash leaves
// nothing untold; it may tell something twice.
import pLimit from 'p-limit';
import { withRaw } from '../domain/event-record.ts';
import { isOfPage } from '../domain/status-page-name.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { Topics } from '../pipeline/topics.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Destination, SendResult } from './destination.ts';
import {
  afterAttempt,
  claim,
  phaseOf,
  type QueuedNotice,
  queueFor,
  readNotices,
  remaining,
  settled,
} from './maintenance-notices.ts';

type Teller = Destination & { readonly tellMaintenance: NonNullable<Destination['tellMaintenance']> };

export interface MaintenancesDeps {
  readonly store: Pick<EventStore, 'find' | 'loadState' | 'changeState'>;
  readonly bus: Pick<Bus, 'on'>;
  readonly destinations: () => readonly Destination[];
  readonly log: Log;
  readonly now: () => number;
}

export interface Maintenances {
  /** Tells what is due. To be called every few seconds. Never rejects. */
  run(): Promise<void>;
  /** Resolves when nothing is being told. */
  idle(): Promise<void>;
}

const stateKey = 'maintenances';

/** So many events are looked at again after an outage of the store; a vendor announces a few a month. */
const maxUnread = 1000;

const isTeller = (destination: Destination): destination is Teller => destination.tellMaintenance !== undefined;

export const tellMaintenances = ({ store, bus, destinations, log, now }: MaintenancesDeps): Maintenances => {
  /** One after the other, so that a beginning is told before its end. */
  const turns = pLimit(1);
  const isBusy = (): boolean => turns.activeCount + turns.pendingCount > 0;
  const fault = createFaultLog(log, {
    failed: 'maintenances.not_looked_at',
    over: 'maintenances.looked_at_again',
    level: 'warn',
  });
  const inTurn = (work: () => Promise<void>, about: Readonly<Record<string, unknown>>): Promise<void> =>
    turns(work).then(fault.worked, (error: unknown) => fault.failed(error, about));

  /** Stored, and not looked at yet: if the store fails just then, the next run does it. By the event's id. */
  const unread = new Map<string, Topics['event.stored']>();

  const tellers = (): readonly Teller[] => destinations().filter(isTeller);

  const send = async (teller: Teller, notice: QueuedNotice): Promise<SendResult | undefined> => {
    const record = await store.find(notice.event_id);
    if (record === undefined || record === 'expired') return undefined;
    const { event, facts, test_mode: testMode } = record;
    const at = notice.phase === 'began' ? event.started_at : (event.resolved_at ?? event.started_at);
    const about = { event: withRaw(event, null), facts, testMode };
    return teller.tellMaintenance({ about, phase: notice.phase, at, requestId: notice.request_id });
  };

  const tell = async (notice: QueuedNotice): Promise<void> => {
    const teller = tellers().find(({ target }) => target === notice.target);
    if (!teller) return;
    const result = await send(teller, notice);
    const again = result && afterAttempt(notice, result, now());
    await store.changeState(stateKey, (stored) => ({
      state: again ? remaining(readNotices(stored), again) : settled(readNotices(stored), notice),
      result: null,
    }));
    if (!result || again) return;
    const { event_id, request_id, phase } = notice;
    const line = { request_id, event_id, destination: teller.name, phase };
    if (result.outcome === 'delivered') log.info(line, 'maintenance.told');
    else log.error({ ...line, outcome: result.outcome, error: result.error }, 'maintenance.not_told');
  };

  const tellDue = async (): Promise<void> => {
    const targets = tellers().map(({ target }) => target);
    if (targets.length === 0 || readNotices(await store.loadState(stateKey)).queued.length === 0) return;
    const claimed = await store.changeState(stateKey, (stored) => {
      const { notices, due } = claim(readNotices(stored), targets, now());
      return { state: notices, result: due };
    });
    await Promise.all(claimed.map(tell));
    if (claimed.length > 0) await tellDue();
  };

  const look = async ({ eventId, requestId }: Topics['event.stored']): Promise<void> => {
    const record = await store.find(eventId);
    if (record === undefined || record === 'expired' || record.traits.item !== 'maintenance') return;
    const phase = phaseOf(record);
    if (phase === undefined) return;
    const targets = tellers().map(({ target }) => target);
    await store.changeState(stateKey, (stored) => {
      const what = { event_id: eventId, phase, request_id: requestId };
      return { state: queueFor(readNotices(stored), targets, what, now()), result: null };
    });
  };

  const lookAtUnread = async (): Promise<void> => {
    try {
      for (const message of [...unread.values()]) {
        const { eventId } = message;
        // At the end already: one that cannot be read goes last, and holds up no other.
        unread.delete(eventId);
        unread.set(eventId, message);
        await look(message);
        if (unread.get(eventId) === message) unread.delete(eventId);
      }
    } finally {
      await tellDue();
    }
  };

  bus.on('event.stored', (message) => {
    if (!isOfPage(message.source) || tellers().length === 0) return;
    unread.set(message.eventId, message);
    const [oldest] = unread.keys();
    if (unread.size > maxUnread && oldest !== undefined) unread.delete(oldest);
    void inTurn(lookAtUnread, { request_id: message.requestId, event_id: message.eventId });
  });

  return {
    // What is under way tells what is due.
    run: async () => (isBusy() ? undefined : inTurn(lookAtUnread, {})),
    async idle() {
      while (isBusy()) await turns(() => undefined);
    },
  };
};
