// Tells destinations that want to know when a vendor's announced maintenance begins and ends. It is no alert: it is told
// without asking the routes, and wakes nobody. It looks at what is under way and at what was told, so that a crash leaves
// nothing untold; it may tell something twice.
import pLimit from 'p-limit';
import { isRecord, withRaw } from '../domain/event-record.ts';
import { isOfPage } from '../domain/status-page-name.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { EventStore } from '../stores/event-store.ts';
import { readOpenEvents, smallBounds } from '../stores/walk-open.ts';
import type { Destination, SendResult } from './destination.ts';
import {
  afterAttempt,
  claim,
  isNew,
  phaseOf,
  type QueuedNotice,
  queueFor,
  readNotices,
  remaining,
  settled,
  unended,
} from './maintenance-notices.ts';

type Teller = Destination & { readonly tellMaintenance: NonNullable<Destination['tellMaintenance']> };

export interface MaintenancesDeps {
  readonly store: Pick<EventStore, 'find' | 'listEvents' | 'loadState' | 'changeState'>;
  readonly bus: Pick<Bus, 'on'>;
  readonly destinations: () => readonly Destination[];
  /** The sources of the status pages that are read: of others nobody knows whether they are still at it. */
  readonly pageSources: () => readonly string[];
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

const isTeller = (destination: Destination): destination is Teller => destination.tellMaintenance !== undefined;

export const tellMaintenances = (deps: MaintenancesDeps): Maintenances => {
  const { store, bus, destinations, pageSources, log, now } = deps;
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

  const tellers = (): readonly Teller[] => destinations().filter(isTeller);

  const send = async (teller: Teller, notice: QueuedNotice): Promise<SendResult | undefined> => {
    const record = await store.find(notice.event_id);
    if (!isRecord(record)) return undefined;
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

  /** Queues what has begun or ended, and was not told yet. */
  const look = async (): Promise<void> => {
    const targets = tellers().map(({ target }) => target);
    if (targets.length === 0) return;
    const underWay = await readOpenEvents(store, { kind: 'incident' }, smallBounds);
    const notices = readNotices(await store.loadState(stateKey));
    const begun = await Promise.all(unended(notices).map(store.find));
    const sources = pageSources();
    const ofRead = underWay.filter(({ event }) => sources.includes(event.source));
    const records = [...ofRead, ...begun.filter(isRecord)];
    const news = records.flatMap((record) => {
      const phase = record.traits.item === 'maintenance' ? phaseOf(record) : undefined;
      if (phase === undefined) return [];
      const what = { event_id: record.event.event_id, phase, request_id: record.request_id };
      return targets.some((target) => isNew(notices, { ...what, target })) ? [what] : [];
    });
    if (news.length === 0) return;
    await store.changeState(stateKey, (stored) => ({
      state: news.reduce((queued, what) => queueFor(queued, targets, what, now()), readNotices(stored)),
      result: null,
    }));
  };

  /** What is queued already is told although the events cannot be read. */
  const lookAndTell = async (): Promise<void> => {
    try {
      await look();
    } finally {
      await tellDue();
    }
  };

  bus.on('event.stored', ({ source, eventId, requestId }) => {
    // One that waits will see this event too.
    if (isOfPage(source) && tellers().length > 0 && turns.pendingCount === 0)
      void inTurn(lookAndTell, { request_id: requestId, event_id: eventId });
  });

  return {
    // What is under way tells what is due.
    run: async () => (isBusy() ? undefined : inTurn(lookAndTell, {})),
    async idle() {
      while (isBusy()) await turns(() => undefined);
    },
  };
};
