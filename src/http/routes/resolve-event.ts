import { Hono } from 'hono';
import * as z from 'zod';
import { isRecord } from '../../domain/event-record.ts';
import type { Log } from '../../lib/log.ts';
import { oneLine } from '../../lib/text.ts';
import type { PublishObservations } from '../../pipeline/publish-observations.ts';
import { readAlertPlace } from '../../stores/alert-place.ts';
import type { EventStore } from '../../stores/event-store.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { eventDetailSchema } from '../event-schema.ts';
import { viewEventDetail } from '../event-view.ts';
import { Problem } from '../problem.ts';
import { readNote, resolveExample, resolveRequestSchema } from '../resolve-note.ts';

const answerSchema = z.strictObject({
  resolved: z.boolean().meta({ description: 'False when it was over already.' }),
  event: eventDetailSchema,
});

export const resolveEventPaths: Paths = {
  '/events/{event_id}/resolve': {
    post: {
      tags: ['events'],
      summary: 'Resolve an event manually.',
      description: 'An alert ends with the last of its events.',
      requestParams: { path: z.object({ event_id: z.string() }) },
      requestBody: { ...jsonBody(resolveRequestSchema, resolveExample), required: false },
      responses: { 200: json('The event.', answerSchema), ...problems(400, 404, 503) },
    },
  },
};

export interface ResolveEventDeps {
  readonly store: Pick<EventStore, 'find' | 'readAlert' | 'readEvent'>;
  readonly publishObservations: PublishObservations;
  readonly log: Log;
}

const unknownEvent = () => new Problem({ status: 404, detail: 'no event with this id is stored' });

export const resolveEventRoutes = ({ store, publishObservations, log }: ResolveEventDeps) =>
  new Hono<HttpEnv>().post('/events/:eventId/resolve', async (c) => {
    const note = await readNote(c);
    const eventId = c.req.param('eventId');
    const requestId = c.get('requestId');
    const found = await store.find(eventId);
    if (!isRecord(found)) throw unknownEvent();
    const alert = await readAlertPlace(store, found.alert_id);
    const outcomes = await publishObservations(
      [{ type: 'manual_resolve', eventId, scope: found.scope, alert, note }],
      requestId,
    );
    const detail = await store.readEvent(eventId);
    if (!detail) throw unknownEvent();
    const resolved = outcomes.some(({ kind }) => kind === 'resolved');
    const said = note === null ? {} : { note: oneLine(note) };
    if (resolved) log.info({ request_id: requestId, event_id: eventId, ...said }, 'event.resolved_by_hand');
    return c.json<z.infer<typeof answerSchema>>({ resolved, event: viewEventDetail(detail) });
  });
