// Which beginnings and ends of maintenances are still to be told to whom, and which were told. Pure.
import * as z from 'zod';
import type { EventRecord } from '../domain/event-record.ts';
import type { MaintenanceNotice, SendResult } from './destination.ts';

type Phase = MaintenanceNotice['phase'];

/** So many are remembered as told, and queued; a vendor announces a few a month. */
const maxRemembered = 1000;
const maxAtOnce = 20;
/** Longer than an attempt takes: what was claimed before, and not settled, was left by a process that died. */
const claimMs = 60_000;
const waitsMs = [10_000, 60_000] as const;
const lastWaitMs = 300_000;
/** Later than this nobody wants to know. */
const giveUpMs = 60 * 60_000;

const queuedSchema = z.object({
  target: z.string(),
  event_id: z.string(),
  phase: z.enum(['began', 'ended']),
  request_id: z.string(),
  /** In milliseconds since 1970. */
  since: z.number(),
  next_at: z.number(),
  attempts: z.int(),
});
export type QueuedNotice = Readonly<z.infer<typeof queuedSchema>>;

const noticesSchema = z.object({
  told: z.array(z.string()).readonly(),
  queued: z.array(queuedSchema).readonly().default([]),
});
export type Notices = Readonly<z.infer<typeof noticesSchema>>;

export const readNotices = (stored: unknown): Notices =>
  noticesSchema.safeParse(stored).data ?? { told: [], queued: [] };

const underWay: ReadonlySet<string | undefined> = new Set(['in_progress', 'verifying']);

/** What of a maintenance is to be told now; undefined while it is only planned. */
export const phaseOf = ({ event, facts }: EventRecord): Phase | undefined => {
  if (event.resolved_at !== null) return 'ended';
  return underWay.has(facts.status) ? 'began' : undefined;
};

type Notice = Pick<QueuedNotice, 'target' | 'event_id' | 'phase'>;

const keyOf = ({ target, event_id: eventId, phase }: Notice): string => JSON.stringify([target, eventId, phase]);

const isSame = (a: Notice, b: Notice): boolean => keyOf(a) === keyOf(b);

const isKnown = ({ told, queued }: Notices, notice: Notice): boolean =>
  told.includes(keyOf(notice)) || queued.some((each) => isSame(each, notice));

/** An end is told to whoever was told of the beginning, or will be. */
export const isNew = (notices: Notices, notice: Notice): boolean =>
  !isKnown(notices, notice) && (notice.phase === 'began' || isKnown(notices, { ...notice, phase: 'began' }));

const keySchema = z.tuple([z.string(), z.string(), queuedSchema.shape.phase]);

/** The events of which somebody was told, or will be, that they have begun, and not that they have ended. */
export const unended = (notices: Notices): readonly string[] => {
  const known = [...notices.told, ...notices.queued.map(keyOf)].map((key) => keySchema.parse(JSON.parse(key)));
  const begun = known.filter(
    ([target, eventId, phase]) => phase === 'began' && !isKnown(notices, { target, event_id: eventId, phase: 'ended' }),
  );
  return [...new Set(begun.map(([, eventId]) => eventId))];
};

/** Queues what is to be told to these targets. */
export const queueFor = (
  notices: Notices,
  targets: readonly string[],
  what: Pick<QueuedNotice, 'event_id' | 'phase' | 'request_id'>,
  nowMs: number,
): Notices => {
  const added = targets
    .map((target) => ({ ...what, target, since: nowMs, next_at: nowMs, attempts: 0 }))
    .filter((notice) => isNew(notices, notice));
  return { ...notices, queued: [...notices.queued, ...added].slice(-maxRemembered) };
};

/** A time that lies further ahead than any wait was written before our clock stepped back. */
const isTime = ({ next_at: at }: QueuedNotice, nowMs: number): boolean => at <= nowMs || at > nowMs + giveUpMs;

/** What is told now, and is nobody else's for a minute. A beginning goes before its end. */
export const claim = (
  { told, queued }: Notices,
  targets: readonly string[],
  nowMs: number,
): { readonly notices: Notices; readonly due: readonly QueuedNotice[] } => {
  const waits = (notice: QueuedNotice): boolean =>
    notice.phase === 'ended' && queued.some((each) => isSame(each, { ...notice, phase: 'began' }));
  const isGone = ({ target, since }: QueuedNotice): boolean => !targets.includes(target) && nowMs - since > giveUpMs;
  const kept = queued.filter((each) => !isGone(each));
  const due = kept
    .filter((each) => targets.includes(each.target) && isTime(each, nowMs) && !waits(each))
    .slice(0, maxAtOnce);
  const next = kept.map((each) => (due.includes(each) ? { ...each, next_at: nowMs + claimMs } : each));
  return { notices: { told, queued: next }, due };
};

/** When it is tried again; undefined when it is settled: told, refused for good, or given up. */
export const afterAttempt = (notice: QueuedNotice, result: SendResult, nowMs: number): QueuedNotice | undefined => {
  if (result.outcome === 'delivered' || result.outcome === 'permanent') return undefined;
  const waitMs = Math.max(waitsMs[notice.attempts] ?? lastWaitMs, Math.min(result.retryAfterMs ?? 0, giveUpMs));
  if (nowMs + waitMs - notice.since > giveUpMs) return undefined;
  return { ...notice, next_at: nowMs + waitMs, attempts: notice.attempts + 1 };
};

export const remaining = (notices: Notices, notice: QueuedNotice): Notices => ({
  ...notices,
  queued: notices.queued.map((each) => (isSame(each, notice) ? notice : each)),
});

/** What has ended is forgotten first, its beginning before its end: what is under way and forgotten would be told anew. */
const bounded = (told: readonly string[]): readonly string[] => {
  if (told.length <= maxRemembered) return told;
  const known = new Set(told);
  const forgotten = told.find((key) => {
    const [target, eventId, phase] = keySchema.parse(JSON.parse(key));
    const isEndKnown = known.has(keyOf({ target, event_id: eventId, phase: 'ended' }));
    return phase === 'began' ? isEndKnown : !known.has(keyOf({ target, event_id: eventId, phase: 'began' }));
  });
  return forgotten === undefined ? told.slice(-maxRemembered) : told.filter((key) => key !== forgotten);
};

/** It is over with: its end is told too, if it was a beginning. */
export const settled = ({ told, queued }: Notices, notice: QueuedNotice): Notices => ({
  told: bounded([...told.filter((key) => key !== keyOf(notice)), keyOf(notice)]),
  queued: queued.filter((each) => !isSame(each, notice)),
});
