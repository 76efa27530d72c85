import { Hono } from 'hono';
import * as z from 'zod';
import { type Alert, alertStates, maxMembers, openMembers } from '../../domain/alert.ts';
import { severities, sourceSchema } from '../../domain/event.ts';
import type { Log } from '../../lib/log.ts';
import { oneLine } from '../../lib/text.ts';
import type { PublishObservations } from '../../pipeline/publish-observations.ts';
import type { EventStore } from '../../stores/event-store.ts';
import { readOpenEvents } from '../../stores/walk-open.ts';
import { alertDetailSchema, alertViewSchema } from '../alert-schema.ts';
import { viewAlert, viewAlertDetail } from '../alert-view.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { limit, nextCursor, positionCursor, since, toCursor, until } from '../query.ts';
import { readQuery } from '../read.ts';
import { readNote, resolveExample, resolveRequestSchema } from '../resolve-note.ts';

const byOpening = '`opened_at`';

const querySchema = z.strictObject({
  limit,
  cursor: positionCursor,
  state: z.enum(alertStates).optional(),
  severity: z.enum(severities).optional(),
  source: sourceSchema.optional(),
  since: since(byOpening),
  until: until(byOpening),
});

const listSchema = z.strictObject({ alerts: z.array(alertViewSchema), next_cursor: nextCursor('alerts') });

const alertId = z.object({ alert_id: z.string() });

const resolvedSchema = z.strictObject({
  resolved: z
    .array(z.string())
    .meta({ description: 'The events that this resolved, without those that were over already.' }),
  alert: alertDetailSchema,
});

export const alertPaths: Paths = {
  '/alerts': {
    get: {
      tags: ['alerts'],
      summary: 'List alerts, newest first.',
      requestParams: { query: querySchema },
      responses: { 200: json('The alerts.', listSchema), ...problems(400, 503) },
    },
  },
  '/alerts/{alert_id}': {
    get: {
      tags: ['alerts'],
      summary: 'Show one alert with its events, deliveries, attempts and history.',
      requestParams: { path: alertId },
      responses: { 200: json('The alert.', alertDetailSchema), ...problems(404, 503) },
    },
  },
  '/alerts/{alert_id}/resolve': {
    post: {
      tags: ['alerts'],
      summary: 'Resolve an alert manually, with all of its events.',
      description: 'An event that its vendor still lists stays closed until it becomes worse or begins again.',
      requestParams: { path: alertId },
      requestBody: { ...jsonBody(resolveRequestSchema, resolveExample), required: false },
      responses: { 200: json('The alert.', resolvedSchema), ...problems(400, 404, 409, 503) },
    },
  },
};

export interface AlertRoutesDeps {
  readonly store: Pick<EventStore, 'listAlerts' | 'readAlert' | 'listEvents'>;
  readonly publishObservations: PublishObservations;
  readonly log: Log;
}

/** For whoever comes from a link in a message. */
const unknownAlert =
  'no alert with this id is stored: it may be older than EVENT_RETENTION_DAYS, or of a test message (check --live)';

/** Why an alert has nothing that could be resolved. */
const whyNot = ({ state, resolved_at: resolvedAt, wake_at: wakeAt }: Alert): string =>
  state === 'resolved'
    ? `the alert was resolved at ${resolvedAt}`
    : `all of its events have ended: it is resolved at ${wakeAt}, unless one of them begins again before`;

/** `GET /alerts`, newest first, `GET /alerts/{alert_id}`, and resolving one manually. */
export const alertRoutes = ({ store, publishObservations, log }: AlertRoutesDeps) => {
  const readAlert = async (id: string) => {
    const detail = await store.readAlert(id);
    if (!detail) throw new Problem({ status: 404, detail: unknownAlert });
    return detail;
  };

  /** The ids of all that holds the alert open, of a full one also of what it does not keep. */
  const openIdsOf = async (alert: Alert): Promise<readonly string[]> => {
    if (alert.state !== 'open') return [];
    const kept = openMembers(alert).map(({ event_id: eventId }) => eventId);
    if (alert.uncounted === 0) return kept;
    const all = (await readOpenEvents(store, { alert_id: alert.alert_id })).map(({ event }) => event.event_id);
    return [...new Set([...kept, ...all])];
  };

  const showAlert = async (id: string) => {
    const [detail, { events }] = await Promise.all([
      readAlert(id),
      store.listEvents({ alert_id: id, limit: maxMembers }),
    ]);
    return viewAlertDetail(
      detail,
      events.map(({ record }) => record),
    );
  };

  return new Hono<HttpEnv>()
    .get('/alerts', async (c) => {
      const { cursor: before, ...filters } = readQuery(c, querySchema);
      const { alerts, next } = await store.listAlerts({ ...filters, before });
      return c.json<z.infer<typeof listSchema>>({
        alerts: alerts.map(viewAlert),
        next_cursor: next && toCursor([next.sequence]),
      });
    })
    .get('/alerts/:alertId', async (c) =>
      c.json<z.infer<typeof alertDetailSchema>>(await showAlert(c.req.param('alertId'))),
    )
    .post('/alerts/:alertId/resolve', async (c) => {
      const note = await readNote(c);
      const requestId = c.get('requestId');
      const { alert } = await readAlert(c.req.param('alertId'));
      const { alert_id: id, scope } = alert;
      const open = await openIdsOf(alert);
      if (open.length === 0) throw new Problem({ status: 409, detail: whyNot(alert) });
      const outcomes = await publishObservations(
        open.map((eventId) => ({
          type: 'manual_resolve',
          eventId,
          scope,
          alert: { id, scope },
          note,
        })),
        requestId,
      );
      const resolved = outcomes.filter(({ kind }) => kind === 'resolved').map(({ eventId }) => eventId);
      const said = note === null ? {} : { note: oneLine(note) };
      log.info({ request_id: requestId, alert_id: id, events: resolved.length, ...said }, 'alert.resolved_by_hand');
      return c.json<z.infer<typeof resolvedSchema>>({ resolved, alert: await showAlert(id) });
    });
};
