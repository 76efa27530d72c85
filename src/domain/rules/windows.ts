// Windows of the week, in a time zone and through its changes of the clock. A window lasts from its beginning to its end on
// the wall clock of the zone; `days` name the day on which it begins.
import { Temporal } from 'temporal-polyfill';
import { type Parsed, parsed, unreadable } from './parsed.ts';

export const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof days)[number];

export interface WindowSettings {
  /** Absent: every day. */
  readonly days?: readonly Day[] | undefined;
  /** `HH:MM`; both absent: the whole day. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export interface Window {
  /** When the window that is active at this moment ends, in ms since 1970; null when it is not active. */
  readonly endsAt: (nowMs: number) => number | null;
}

export const wallTimePattern = /^([01]\d|2[0-3]):[0-5]\d$/;
export const endTimePattern = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

export const isTimeZone = (name: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
};

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

const holds = ({ fromMs, toMs }: Span, ms: number): boolean => fromMs <= ms && ms < toMs;

/** Enough for the dates that one look at what is open asks for; others are worked out anew. */
const maxKnownDays = 8;

export const createWindow = (settings: WindowSettings, timeZone: string): Window => {
  const from = Temporal.PlainTime.from(settings.from ?? '00:00');
  const to = Temporal.PlainTime.from(settings.to === undefined || settings.to === '24:00' ? '00:00' : settings.to);
  const wraps = Temporal.PlainTime.compare(to, from) <= 0;
  const begins = new Set<Day>(settings.days ?? days);
  const msOf = (date: Temporal.PlainDate, plainTime?: Temporal.PlainTime): number =>
    date.toZonedDateTime(plainTime ? { timeZone, plainTime } : { timeZone }).epochMilliseconds;

  /** The window that begins on this date, if one does. */
  const beginningOn = (date: Temporal.PlainDate): readonly Span[] => {
    const day = days[date.dayOfWeek - 1];
    if (day === undefined || !begins.has(day)) return [];
    return [{ fromMs: msOf(date, from), toMs: msOf(wraps ? date.add({ days: 1 }) : date, to) }];
  };

  /** The date of the wall clock, and the windows that can be active on it. */
  const dayOf = (ms: number): Span & { readonly windows: readonly Span[] } => {
    const date = Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(timeZone).toPlainDate();
    const windows = [...beginningOn(date.subtract({ days: 1 })), ...beginningOn(date)];
    return { fromMs: msOf(date), toMs: msOf(date.add({ days: 1 })), windows };
  };

  // A few dates are asked for again and again, and wall clocks are slow to read.
  let known: readonly ReturnType<typeof dayOf>[] = [];
  const recall = (ms: number) => {
    const found = known.find((day) => holds(day, ms)) ?? dayOf(ms);
    if (!known.includes(found)) known = [found, ...known.slice(0, maxKnownDays - 1)];
    return found;
  };
  return {
    endsAt: (nowMs) => {
      const active = recall(nowMs).windows.filter((window) => holds(window, nowMs));
      return active.length === 0 ? null : Math.max(...active.map(({ toMs }) => toMs));
    },
  };
};

/** Windows that follow each other without a gap for longer than so many are taken to do so for ever. */
const maxStretches = 100;

/** When none of the windows is active any more; null when none is now, or when they never end together. */
export const endOfWindows = (windows: readonly Window[], nowMs: number): number | null => {
  let atMs = nowMs;
  for (let stretch = 0; stretch < maxStretches; stretch++) {
    const ends = windows.map((window) => window.endsAt(atMs)).filter((end) => end !== null);
    if (ends.length === 0) return stretch === 0 ? null : atMs;
    atMs = Math.max(...ends);
  }
  return null;
};

const localTime = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?)?$/;
const zonedTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)$/;

/** A moment in ms since 1970: with an offset as it stands, without one on the wall clock of the time zone. */
export const parseMoment = (text: string, timeZone: string): Parsed<number> => {
  try {
    if (zonedTime.test(text)) return parsed(Temporal.Instant.from(text).epochMilliseconds);
    if (localTime.test(text))
      return parsed(Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds);
  } catch {
    return unreadable('there is no such time');
  }
  return unreadable('expected a time such as 2026-12-05T22:00, or one with an offset such as 2026-12-05T22:00+01:00');
};
