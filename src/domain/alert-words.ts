// What an alert says in a few words: the phase that its vendor names, what it affects, and what it waits for.
import { type Alert, type Member, maxAffected, openMembers } from './alert.ts';
import { easeAfterMs, paymentEndsAfterMs, wellForMs } from './alert-state.ts';

/** The events that it is about now: those that are open, or all of them when none is. */
const present = (alert: Pick<Alert, 'members'>): readonly Member[] => {
  const open = openMembers(alert);
  return open.length > 0 ? open : alert.members;
};

/** The vendor's word for the state of the newest incident, such as `monitoring`; null when the alert has no incident. */
export const phaseOf = (alert: Pick<Alert, 'members'>): string | null =>
  present(alert)
    .filter(({ item }) => item === 'incident')
    .reduce<Member | undefined>(
      (newest, each) => (newest && newest.started_at > each.started_at ? newest : each),
      undefined,
    )?.status ?? null;

/** The names of the components that it is about, and whether there may be more of them. */
export const affectedBy = (alert: Pick<Alert, 'members' | 'uncounted'>) => {
  const members = present(alert);
  return {
    names: [...new Set(members.flatMap(({ affects = [] }) => affects))],
    isPart: alert.uncounted > 0 || members.some(({ affects = [] }) => affects.length >= maxAffected),
  };
};

/** Why an alert is looked at again though nothing happens. */
interface Wait {
  readonly endsAtMs: number;
  readonly because: string;
}

const wait = (from: string | null, afterMs: number, because: string): readonly Wait[] =>
  from === null ? [] : [{ endsAtMs: Date.parse(from) + afterMs, because }];

const waitsOf = ({ ruling, kind, joined_at: joinedAt }: Member): readonly Wait[] => [
  ...wait(ruling.silenced_until, 0, `a silence ends (${ruling.silenced_because})`),
  ...wait(ruling.hold_until, 0, 'a hold ends, and what is still open is sent'),
  ...wait(
    ruling.at_end_of_window.length > 0 ? ruling.window_ends_at : null,
    0,
    'a window ends, and what is still open is sent',
  ),
  ...wait(ruling.resolve_at, 0, 'resolve_after ends it'),
  ...wait(
    kind === 'payment' ? joinedAt : null,
    paymentEndsAfterMs,
    'after a week a payment is closed without telling anybody',
  ),
];

/** Why the alert is looked at at its `wake_at`, in words; null when nothing would come of it. */
export const whyItWakes = (alert: Alert): string | null => {
  if (alert.wake_at === null) return null;
  const wakesAtMs = Date.parse(alert.wake_at);
  const waits = [
    ...wait(
      alert.eased_since,
      easeAfterMs,
      'it became less serious than what is sent, and is resolved unless that changes',
    ),
    ...wait(alert.well_since, wellForMs, 'it was opened again twice within an hour, and is resolved if all stays well'),
    ...openMembers(alert).flatMap(waitsOf),
  ];
  const due = waits.find(({ endsAtMs }) => endsAtMs === wakesAtMs);
  if (due) return due.because;
  // What was to be sent when that was noted may have been accepted since.
  return alert.deliveries.some(({ status }) => status === 'pending')
    ? 'a notification that is not accepted by then goes to another destination, or a silence begins that stops it'
    : null;
};
