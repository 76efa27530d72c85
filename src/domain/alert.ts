// What a person is told about: one or more events of one scope, under one key. This file says what an alert is; which
// events it takes in is folding.ts, who is told of it and when is notify.ts.
import * as z from 'zod';
import type { Delivery } from './delivery.ts';
import { isWorse, kinds, type Severity, severities } from './event.ts';
import { missedSchema } from './missed-counts.ts';
import { traitItems } from './observation.ts';

const alertVersion = 1;
/** An alert keeps this many events, and counts the rest. */
export const maxMembers = 500;
/** So many changes of severity are kept of one event, the newest. */
export const maxChanges = 20;
/** So many names of components are kept of one event, and shown of one alert. */
export const maxAffected = 100;

const moment = z.string().nullable();

/** What the rules said of an event when they were asked last, as far as it must be remembered. */
const rulingSchema = z.object({
  severity: z.enum(severities),
  /** The names of the destinations that the event is sent to. */
  send: z.array(z.string()).readonly(),
  because: z.string(),
  /** Until when it is not sent yet; null when it is not held. */
  hold_until: moment,
  /** Until when a silence stops its triggers and updates at the latest; null when none does. */
  silenced_until: moment,
  silenced_because: moment,
  /** The id of that silence; absent when there is none, and in what older versions stored. */
  silenced_by: z.string().exactOptional(),
  /** Whom it is sent to as well when the windows named in `during` have ended. */
  at_end_of_window: z.array(z.string()).readonly(),
  window_ends_at: moment,
  /** When it ends by rule: a payment has no end of its own. */
  resolve_at: moment,
});
export type MemberRuling = Readonly<z.infer<typeof rulingSchema>>;

/** An event of the alert, as far as decisions about the alert need it. */
const memberSchema = z.object({
  event_id: z.string(),
  subject: z.string(),
  kind: z.enum(kinds),
  item: z.enum(traitItems),
  title: z.string(),
  /** A name that the folding rules compare; the ids of the components that it names; its group and its page's size. */
  name: z.string().nullable(),
  components: z.array(z.string()).readonly(),
  group: z.string().nullable(),
  page_size: z.number(),
  severity: z.enum(severities),
  /** What it was before, each until when, the oldest first; absent when it has never changed. */
  was: z
    .array(z.tuple([z.enum(severities), z.string()]).readonly())
    .readonly()
    .exactOptional(),
  /** The vendor's time, where it gave one. */
  started_at: z.string(),
  joined_at: z.string(),
  /** When it ended, as far as we know; null while it goes on. */
  ended_at: moment,
  test_mode: z.boolean(),
  /** The vendor's word for its present state, such as `monitoring`; absent where it gives none. */
  status: z.string().exactOptional(),
  /** The names of the components that it is about, at most `maxAffected`; absent when there are none. */
  affects: z.array(z.string()).readonly().exactOptional(),
  /** Whether others may join because of it. What joined only by the first look at a page attracts nothing. */
  attracts: z.boolean(),
  ruling: rulingSchema.readonly(),
});
export type Member = Readonly<z.infer<typeof memberSchema>>;

export const alertStates = ['open', 'resolved'] as const;

/** The alert as its row has it; the deliveries have rows of their own. */
export const alertRecordSchema = z.object({
  record_version: z.literal(alertVersion),
  alert_id: z.string(),
  scope: z.string(),
  source: z.string(),
  title: z.string(),
  /** The worst of its open events; of a resolved alert, the worst that it had. */
  severity: z.enum(severities),
  /** The worst that it had, while it is open and less serious than that. */
  worst: z.enum(severities).exactOptional(),
  state: z.enum(alertStates),
  opened_at: z.string(),
  resolved_at: moment,
  /** When it was opened again, newest last; at most the ten newest. */
  reopened_at: z.array(z.string()).readonly(),
  /** Counts how often it was opened. */
  cycle: z.int().positive(),
  members: z.array(memberSchema.readonly()).readonly(),
  /** Events that belong to it beyond `maxMembers`. */
  uncounted: z.int().nonnegative(),
  /** Other alerts that an event fitted as well. */
  related: z.array(z.string()).readonly(),
  /** Since when none of its events is sent any more because they became less serious. */
  eased_since: moment,
  /** Since when all of its events have ended, while the end waits after a second reopening. */
  well_since: moment,
  /** The first good look at a page opened it. */
  first_look: z.boolean(),
  /** What follows of its kind, for `storm_key`, joins it until then. */
  storm_until: moment,
  storm_since: moment,
  storm_key: z.string().nullable(),
  /** Of the alert for payments that were missed while we were away; see missed.ts. */
  missed: missedSchema.exactOptional(),
  /** When it has to be looked at again though nothing happens; null when never. */
  wake_at: moment,
  request_id: z.string(),
});
export type AlertRecord = Readonly<z.infer<typeof alertRecordSchema>>;

export interface Alert extends AlertRecord {
  /** In the order in which they were created. */
  readonly deliveries: readonly Delivery[];
}

export const openMembers = ({ members }: Pick<Alert, 'members'>): readonly Member[] =>
  members.filter(({ ended_at: endedAt }) => endedAt === null);

export const worstOf = (members: readonly Pick<Member, 'severity'>[]): Severity | undefined =>
  members.reduce<Severity | undefined>(
    (worst, { severity }) => (worst === undefined || isWorse(severity, worst) ? severity : worst),
    undefined,
  );

/** When it was opened, or opened again, from when on `resolve_after` is counted. */
export const openedSince = (alert: Pick<Alert, 'opened_at' | 'reopened_at'>): string =>
  alert.reopened_at.at(-1) ?? alert.opened_at;

/** When it began, by the vendor where it gave a time; never later than we knew. */
export const beganAt = ({ members, opened_at: openedAt }: Pick<Alert, 'members' | 'opened_at'>): string =>
  members.reduce((earliest, { started_at: at }) => (at < earliest ? at : earliest), openedAt);

/** When the newest trigger of any destination was created; null when nobody was told. */
export const lastTriggerAt = ({ deliveries }: Pick<Alert, 'deliveries'>): string | null =>
  deliveries.reduce<string | null>(
    (latest, { action, created_at: at }) => (action === 'trigger' && (latest === null || at > latest) ? at : latest),
    null,
  );

/** What an alert is before anything has happened to it. */
export const freshAlert = {
  record_version: alertVersion,
  resolved_at: null,
  reopened_at: [],
  cycle: 1,
  members: [],
  uncounted: 0,
  related: [],
  eased_since: null,
  well_since: null,
  first_look: false,
  storm_until: null,
  storm_since: null,
  storm_key: null,
  wake_at: null,
  deliveries: [],
} as const;
