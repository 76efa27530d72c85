import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import type { Log } from '../../lib/log.ts';
import { oneLine } from '../../lib/text.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { Outcomes } from '../../pipeline/signal-outcome.ts';
import type { EventStore } from '../../stores/event-store.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { eventDetailSchema } from '../event-schema.ts';
import { viewEventDetail } from '../event-view.ts';
import { Problem } from '../problem.ts';
import { readOptionalJson } from '../read.ts';

const maxNoteChars = 1000;

const requestSchema = z.strictObject({ note: z.string().max(maxNoteChars).optional() });

const answerSchema = z.strictObject({
  resolved: z.boolean().meta({ description: 'False when it was already resolved.' }),
  event: eventDetailSchema,
});

export const resolveEventPaths: Paths = {
  '/events/{event_id}/resolve': {
    post: {
      tags: ['events'],
      summary: 'Resolve an event manually.',
      requestParams: { path: z.object({ event_id: z.string() }) },
      requestBody: { ...jsonBody(requestSchema, { note: 'The bank has it.' }), required: false },
      responses: { 200: json('Whether it was resolved.', answerSchema), ...problems(400, 404, 503) },
    },
  },
};

export interface ResolveDeps {
  readonly store: Pick<EventStore, 'read'>;
  readonly bus: Bus;
  readonly outcomes: Outcomes;
  readonly log: Log;
}

/** `POST /events/{event_id}/resolve`: emits that somebody says it is over, and waits for what became of that. */
export const resolveEventRoutes = ({ store, bus, outcomes, log }: ResolveDeps) =>
  new Hono<HttpEnv>().post('/events/:eventId/resolve', async (c) => {
    const { note: given = '' } = await readOptionalJson(c, requestSchema, '{"note": "…"}');
    const note = given.trim() || null;
    const eventId = c.req.param('eventId');
    const thread = { signalId: randomUUID(), requestId: c.get('requestId') };
    const ended = outcomes.expect(thread.signalId, 'routed');
    bus.publish('observation.normalized', { ...thread, observation: { type: 'closed', eventId, note } });
    const outcome = await ended;
    if (outcome.kind === 'failed') throw outcome.error;

    const detail = await store.read(eventId);
    if (!detail) throw new Problem({ status: 404, detail: 'no event with this id is stored' });
    const resolved = outcome.kind === 'resolved';
    const said = note === null ? {} : { note: oneLine(note) };
    if (resolved) log.info({ request_id: thread.requestId, event_id: eventId, ...said }, 'event.resolved_by_hand');
    return c.json<z.infer<typeof answerSchema>>({ resolved, event: viewEventDetail(detail) });
  });
