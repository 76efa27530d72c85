import { Hono } from 'hono';
import * as z from 'zod';
import { eventSchema } from '../../domain/event.ts';
import type { EventStore } from '../../stores/event-store.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { eventFilterQuery } from '../event-filters.ts';
import { eventDetailSchema, eventViewSchema } from '../event-schema.ts';
import { viewEvent, viewEventDetail } from '../event-view.ts';
import { Problem } from '../problem.ts';
import { limit, nextCursor, positionCursor, toCursor } from '../query.ts';
import { readQuery } from '../read.ts';
import { rawModes, showRaw } from '../show-raw.ts';

/** A page of large events ends early at about this size. */
const maxAnswerBytes = 8 * 1024 * 1024;

const raw = z
  .enum(rawModes)
  .default('whole')
  .meta({ description: "The vendor's object as it came, without what may be a secret, or not at all." });

const querySchema = z.strictObject({ limit, cursor: positionCursor, ...eventFilterQuery.shape, raw });

const detailQuerySchema = z.strictObject({ raw });

const listSchema = z.strictObject({ events: z.array(eventViewSchema), next_cursor: nextCursor('events') });

export const eventPaths: Paths = {
  '/events': {
    get: {
      tags: ['events'],
      summary: 'List events, newest first.',
      description: 'An answer is at most about 8 MiB: a list of large events ends early, with `next_cursor`.',
      requestParams: { query: querySchema },
      responses: { 200: json('The events.', listSchema), ...problems(400, 503) },
    },
  },
  '/events/{event_id}': {
    get: {
      tags: ['events'],
      summary: 'Show one event with its whole history.',
      requestParams: { path: z.object({ event_id: eventSchema.shape.event_id }), query: detailQuerySchema },
      responses: { 200: json('The event.', eventDetailSchema), ...problems(400, 404, 503) },
    },
  },
};

/** `GET /events`, newest first, and `GET /events/{event_id}`, with its whole history. */
export const eventRoutes = (store: Pick<EventStore, 'listEvents' | 'readEvent'>) =>
  new Hono<HttpEnv>()
    .get('/events', async (c) => {
      const { cursor: before, raw, ...filters } = readQuery(c, querySchema);
      const withRaw = raw !== 'none';
      const { events, next } = await store.listEvents({ ...filters, before, withRaw, maxBytes: maxAnswerBytes });
      return c.json<z.infer<typeof listSchema>>({
        events: events.map((event) => showRaw(viewEvent(event), raw)),
        next_cursor: next && toCursor([next.sequence]),
      });
    })
    .get('/events/:eventId', async (c) => {
      const { raw } = readQuery(c, detailQuerySchema);
      const detail = await store.readEvent(c.req.param('eventId'));
      if (!detail) throw new Problem({ status: 404, detail: 'no event with this id is stored' });
      return c.json<z.infer<typeof eventDetailSchema>>(showRaw(viewEventDetail(detail), raw));
    });
