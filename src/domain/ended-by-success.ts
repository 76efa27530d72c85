// Good news: the same object of the same account is well again, so what was told of it before is over.
import { toIso } from '../lib/time.ts';
import type { Alert, Member } from './alert.ts';
import type { EventRecord } from './event-record.ts';
import type { HistoryEntry } from './history.ts';
import type { NotifyContext } from './notify-context.ts';
import { type AlertChange, type Moment, settleAlert } from './settle-alert.ts';

/** Whether good news that came later, by the vendor's own time, is stored already. */
export const isEndedAlready = ({ event, scope, traits }: EventRecord, endings: readonly EventRecord[]): boolean =>
  endings.some(
    (ending) =>
      ending.scope === scope &&
      ending.ends_types?.includes(traits.name ?? '') === true &&
      ending.event.started_at > event.started_at,
  );

export interface GoodNews {
  readonly alerts: readonly AlertChange[];
  /** The payments in alerts of other scopes that ended. */
  readonly recovered: readonly EventRecord[];
}

/**
 * Good news ends the payments of its object that came before it: not those of other objects, which a storm has added.
 * @param alerts those of the object, and those in which a storm has put payments of it
 * @param guests the payments of the object that a storm has put into alerts of other scopes
 */
export const endByGoodNews = (
  record: EventRecord,
  alerts: readonly Alert[],
  guests: readonly EventRecord[],
  { policy, nowMs, requestId }: Moment,
): GoodNews => {
  const types = record.ends_types;
  if (types === undefined) return { alerts: [], recovered: [] };
  const at = toIso(nowMs);
  const ends = (name: string | null, startedAt: string): boolean =>
    types.includes(name ?? '') && startedAt < record.event.started_at;
  const ended = guests.filter(({ event, traits }) => ends(traits.name, event.started_at));
  const endedIds = new Set(ended.map(({ event }) => event.event_id));
  const isEnded = ({ scope }: Alert, member: Member): boolean =>
    member.ended_at === null &&
    (endedIds.has(member.event_id) ||
      (scope === record.scope && member.attracts && ends(member.name, member.started_at)));
  const changes = alerts
    .filter((alert) => alert.state === 'open' && alert.members.some((member) => isEnded(alert, member)))
    .map((before) => {
      const members = before.members.map((member) => (isEnded(before, member) ? { ...member, ended_at: at } : member));
      const context: NotifyContext = { policy, nowMs, requestId, retriesFailed: false, isNews: false };
      const { alert, history } = settleAlert(before, { ...before, members }, context, true);
      const entry: Pick<HistoryEntry, 'change' | 'reason'> =
        alert.state === 'open'
          ? { change: 'updated', reason: `one of its payments is well again: ${record.event.summary}` }
          : { change: 'resolved', reason: `it is well again: ${record.event.summary}` };
      return {
        alert,
        // Without the id of the good news, which is no event of the alert.
        history: [{ at, ...entry, request_id: requestId }, ...history],
      };
    });
  return { alerts: changes, recovered: ended.map((guest) => ({ ...guest, recovered_at: at })) };
};
