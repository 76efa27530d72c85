// An alert or an event of a running service as text: what it is, its story, and who was told.
import * as z from 'zod';
import type { Io } from './io.ts';
import { colored, plain, renderTable, shortTime, styled } from './text.ts';

const deliverySchema = z.object({
  id: z.string(),
  destination: z.string(),
  action: z.string(),
  status: z.string(),
  attempts: z.number(),
  last_error: z.string().nullable(),
  delivered_at: z.string().nullable(),
  next_attempt_at: z.string().nullable(),
});

const entrySchema = z.object({
  at: z.string(),
  change: z.string(),
  text: z.string().optional(),
  reason: z.string().optional(),
  destination: z.string().optional(),
  action: z.string().optional(),
});

const common = {
  severity: z.string(),
  state: z.string(),
  source: z.string(),
  deliveries: z.array(deliverySchema),
  history: z.array(entrySchema),
};

export const alertSchema = z.object({
  ...common,
  alert_id: z.string(),
  title: z.string(),
  opened_at: z.string(),
  resolved_at: z.string().nullable(),
  events: z.array(
    z.object({
      event_id: z.string(),
      severity: z.string(),
      state: z.string(),
      title: z.string(),
      started_at: z.string(),
    }),
  ),
});

export const eventSchema = z.object({
  ...common,
  event_id: z.string(),
  alert_id: z.string().nullable(),
  summary: z.string(),
  started_at: z.string(),
  resolved_at: z.string().nullable(),
  routing_reason: z.string().nullable(),
});

type Delivery = z.infer<typeof deliverySchema>;
type Entry = z.infer<typeof entrySchema>;

/** A delivery that failed is named by its id, which `vendor-signals retry` takes. */
const stateOf = ({
  id,
  status,
  delivered_at: deliveredAt,
  next_attempt_at: nextAt,
  last_error: error,
}: Delivery): string => {
  if (deliveredAt !== null) return `at ${shortTime(deliveredAt)}`;
  const next = nextAt === null ? '' : `next attempt at ${shortTime(nextAt)}`;
  const why = [next, error].filter(Boolean).join(': ') || status;
  return status === 'failed' ? `${why} (${id})` : why;
};

const section = (title: string, lines: readonly string[], io: Io): readonly string[] =>
  lines.length === 0 ? [] : ['', styled('bold', title, io), ...lines];

const deliveryTable = (deliveries: readonly Delivery[], io: Io): readonly string[] => {
  if (deliveries.length === 0) return ['Nobody was told.'];
  const rows = deliveries.map((each) => [
    each.destination,
    each.action,
    each.status,
    `${each.attempts}`,
    stateOf(each),
  ]);
  return [renderTable(['DESTINATION', 'ACTION', 'STATUS', 'ATTEMPTS', 'DETAIL'], rows, io)];
};

const entryText = ({ text, change, destination, action, reason }: Entry): string => {
  if (text !== undefined) return text;
  const what = [change.replaceAll('_', ' '), action, destination && `to ${destination}`].filter(Boolean).join(' ');
  if (reason === undefined) return what;
  // The reason of a manual resolve says the same, and more.
  return reason.startsWith(what) ? reason : `${what}: ${reason}`;
};

const story = (history: readonly Entry[]): readonly string[] =>
  history.map((entry) => `${shortTime(entry.at)}  ${plain(entryText(entry))}`);

const span = (from: string, to: string | null): string =>
  to === null ? `since ${shortTime(from)}` : `from ${shortTime(from)} to ${shortTime(to)}`;

export const renderAlert = (alert: z.infer<typeof alertSchema>, io: Io): string =>
  [
    `${colored(alert.severity, io)}  ${plain(alert.title)}`,
    `${alert.state} alert ${plain(alert.alert_id)} of ${alert.source}, ${span(alert.opened_at, alert.resolved_at)}`,
    ...section(
      'Events',
      [
        renderTable(
          ['SEVERITY', 'STATE', 'STARTED', 'EVENT', 'TITLE'],
          alert.events.map((each) => [
            each.severity,
            each.state,
            shortTime(each.started_at),
            each.event_id,
            each.title,
          ]),
          io,
        ),
      ],
      io,
    ),
    ...section('Who was told', deliveryTable(alert.deliveries, io), io),
    ...section('What happened', story(alert.history), io),
  ].join('\n');

export const renderEvent = (event: z.infer<typeof eventSchema>, io: Io): string =>
  [
    `${colored(event.severity, io)}  ${plain(event.summary)}`,
    `${event.state} event ${plain(event.event_id)} of ${event.source}, ${span(event.started_at, event.resolved_at)}`,
    ...(event.alert_id === null ? [] : [`It belongs to the alert ${plain(event.alert_id)}.`]),
    ...(event.routing_reason === null ? [] : [plain(event.routing_reason)]),
    ...section('Who was told', deliveryTable(event.deliveries, io), io),
    ...section('What happened', story(event.history), io),
  ].join('\n');
