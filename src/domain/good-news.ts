// Good news: the same object of the same account is well again, so what was told of it before is over.
import { toIso } from '../lib/time.ts';
import type { Alert, Member } from './alert.ts';
import type { EventRecord } from './event-record.ts';
import type { NotifyContext } from './notify-context.ts';
import { type AlertChange, type Moment, settleAlert } from './settle-alert.ts';

/** Whether good news that came later, by the vendor's own time, is stored already. */
export const isEndedAlready = ({ event, traits }: EventRecord, endings: readonly EventRecord[]): boolean =>
  endings.some(
    (ending) => ending.ends_types?.includes(traits.name ?? '') === true && ending.event.started_at > event.started_at,
  );

/** Good news ends the payments of its object that came before it: not those of other objects, which a storm has added. */
export const endByGoodNews = (
  record: EventRecord,
  alerts: readonly Alert[],
  { policy, nowMs, requestId }: Moment,
): readonly AlertChange[] => {
  const types = record.ends_types;
  if (types === undefined) return [];
  const isEnded = (member: Member): boolean =>
    member.attracts &&
    member.ended_at === null &&
    types.includes(member.name ?? '') &&
    member.started_at < record.event.started_at;
  return alerts
    .filter(({ state, members }) => state === 'open' && members.some(isEnded))
    .map((before) => {
      const at = toIso(nowMs);
      const members = before.members.map((member) => (isEnded(member) ? { ...member, ended_at: at } : member));
      const context: NotifyContext = { policy, nowMs, requestId, retriesFailed: false };
      const { alert, history } = settleAlert(before, { ...before, members }, context, true);
      const reason = `${record.traits.name ?? record.event.summary}: it is well again`;
      return {
        alert,
        history: [
          { at, change: 'resolved', request_id: requestId, event_id: record.event.event_id, reason },
          ...history,
        ],
      };
    });
};
