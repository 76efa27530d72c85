// Tells destinations that want to know when a vendor's announced maintenance begins and ends. It is no alert: it is told
// once, whatever the routes say, tried a few times, and nothing waits for it.
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { type EventRecord, withRaw } from '../domain/event-record.ts';
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { Topics } from '../pipeline/topics.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Destination, MaintenanceNotice, SendResult } from './destination.ts';

type Phase = MaintenanceNotice['phase'];
type Teller = Destination & { readonly tellMaintenance: NonNullable<Destination['tellMaintenance']> };

export interface MaintenancesDeps {
  readonly store: Pick<EventStore, 'find' | 'changeState'>;
  readonly bus: Pick<Bus, 'on'>;
  readonly destinations: () => readonly Destination[];
  readonly log: Log;
  /** Rejects when it is aborted. */
  readonly wait?: (ms: number, abort: AbortSignal) => Promise<unknown>;
}

export interface Maintenances {
  /** Resolves when nothing is being told. */
  idle(): Promise<void>;
  /** Gives up what waits for another try. */
  stop(): Promise<void>;
}

const stateKey = 'maintenances';
/** So many are remembered as told; a vendor announces a few a month. */
const maxRemembered = 1000;
const maxUnderWay = 50;
const waitsMs = [10_000, 60_000, 300_000] as const;

const stateSchema = z.object({ told: z.array(z.string()).readonly() });

const underWay: ReadonlySet<string | undefined> = new Set(['in_progress', 'verifying']);

/** What of a maintenance is to be told now; undefined while it is only planned. */
const phaseOf = ({ event, facts }: EventRecord): Phase | undefined => {
  if (event.resolved_at !== null) return 'ended';
  return underWay.has(facts.status) ? 'began' : undefined;
};

const keyOf = (target: string, eventId: string, phase: Phase): string => JSON.stringify([target, eventId, phase]);

const isTeller = (destination: Destination): destination is Teller => destination.tellMaintenance !== undefined;

/** An end is told to whoever was told of the beginning. */
const isDue = (told: readonly string[], target: string, eventId: string, phase: Phase): boolean =>
  !told.includes(keyOf(target, eventId, phase)) &&
  (phase === 'began' || told.includes(keyOf(target, eventId, 'began')));

const waitFor = (ms: number, abort: AbortSignal): Promise<unknown> => delay(ms, undefined, { signal: abort });

export const tellMaintenances = ({ store, bus, destinations, log, wait = waitFor }: MaintenancesDeps): Maintenances => {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  /** Remembers it as told, and says whether it was not yet: a crash leaves it untold, and never tells it twice. */
  const claim = (target: string, eventId: string, phase: Phase): Promise<boolean> =>
    store.changeState(stateKey, (stored) => {
      const told = stateSchema.safeParse(stored).data?.told ?? [];
      const isNew = isDue(told, target, eventId, phase);
      const next = isNew ? [...told, keyOf(target, eventId, phase)].slice(-maxRemembered) : told;
      return { state: { told: next }, result: isNew };
    });

  const tell = async (destination: Teller, notice: MaintenanceNotice): Promise<void> => {
    const line = {
      request_id: notice.requestId,
      event_id: notice.about.event.event_id,
      destination: destination.name,
      phase: notice.phase,
    };
    let result: SendResult = await destination.tellMaintenance(notice);
    for (const ms of waitsMs) {
      if (result.outcome === 'delivered' || result.outcome === 'permanent') break;
      await wait(Math.max(ms, result.retryAfterMs ?? 0), stopping.signal);
      result = await destination.tellMaintenance(notice);
    }
    if (result.outcome === 'delivered') log.info(line, 'maintenance.told');
    else log.error({ ...line, outcome: result.outcome, error: result.error }, 'maintenance.not_told');
  };

  const look = async ({ eventId, requestId }: Topics['event.stored'], tellers: readonly Teller[]): Promise<void> => {
    const record = await store.find(eventId);
    if (record === undefined || record === 'expired' || record.traits.item !== 'maintenance') return;
    const phase = phaseOf(record);
    if (phase === undefined) return;
    const { event, facts, test_mode: testMode } = record;
    const at = phase === 'began' ? event.started_at : (event.resolved_at ?? event.started_at);
    const notice = { about: { event: withRaw(event, null), facts, testMode }, phase, at, requestId };
    await Promise.all(
      tellers.map(async (teller) => {
        if (await claim(teller.target, eventId, phase)) await tell(teller, notice);
      }),
    );
  };

  bus.on('event.stored', (message) => {
    const tellers = destinations().filter(isTeller);
    if (tellers.length === 0 || !message.source.endsWith('_status') || running.size >= maxUnderWay) return;
    const work = look(message, tellers)
      .catch((error: unknown) => {
        if (stopping.signal.aborted) return;
        log.warn(
          { request_id: message.requestId, event_id: message.eventId, error: errorText(error) },
          'maintenance.not_told',
        );
      })
      .finally(() => running.delete(work));
    running.add(work);
  });

  return {
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
};
