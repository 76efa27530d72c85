// How much of a history is kept: its beginning and the newest. An alert that takes in events for weeks, or a storm of
// payments, would have a history that each change makes longer, and a database writes the whole of it each time.
import type { HistoryEntry } from '../domain/history.ts';

/** Counted in characters where a history is a text, else in entries, of which one has about 200. */
interface Bounds {
  /** Beyond this, only the first and the newest are kept. */
  readonly most: number;
  readonly first: number;
  readonly newest: number;
}

const ofText: Bounds = { most: 262_144, first: 32_768, newest: 131_072 };
const ofList: Bounds = { most: 1300, first: 160, newest: 650 };

const gap = {
  change: 'updated',
  reason: 'what happened between the entry before this one and the entry after it is not kept',
} as const;

/** A text has a line for each entry. One that says no time is of that of the line before it; see `toHistoryLines`. */
const lineBegins = `'\n{'`;
const lineWithTimeBegins = `'\n{"at":'`;

/**
 * SQL for a history with lines added to it.
 * @param find the database's function for the place of a text in another one
 */
export const addedHistorySql = (history: string, lines: string, find: 'instr' | 'strpos'): string => {
  const { most, first, newest } = ofText;
  const afterFirst = `substr(${history}, ${first})`;
  const ofNewest = `substr(${history}, length(${history}) - ${newest})`;
  const kept = [
    `substr(${history}, 1, ${first - 1} + ${find}(${afterFirst}, ${lineBegins}))`,
    `'${JSON.stringify(gap)}\n'`,
    `substr(${ofNewest}, ${find}(${ofNewest}, ${lineWithTimeBegins}) + 1)`,
  ];
  // A database knows how many bytes there are without reading them.
  const isLong = `octet_length(${history}) > ${most} AND length(${history}) > ${most}`;
  // Of one moment there may be more lines than are kept.
  const canBeCut = `${find}(${afterFirst}, ${lineBegins}) > 0 AND ${find}(${ofNewest}, ${lineWithTimeBegins}) > 0`;
  return `CASE WHEN ${isLong} AND ${canBeCut} THEN ${kept.join(' || ')} ELSE ${history} END || ${lines}`;
};

/** A history with entries added to it. */
export const addedHistory = (
  history: readonly HistoryEntry[],
  added: readonly HistoryEntry[],
): readonly HistoryEntry[] => {
  if (added.length === 0) return history;
  const { most, first, newest } = ofList;
  const last = history[first - 1];
  if (history.length <= most || !last) return history.length === 0 ? added : [...history, ...added];
  const { at, request_id } = last;
  return [...history.slice(0, first), { at, request_id, ...gap }, ...history.slice(-newest), ...added];
};
