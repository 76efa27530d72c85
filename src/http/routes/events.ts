import { Hono } from 'hono';
import * as z from 'zod';
import { eventSchema } from '../../domain/event.ts';
import type { EventStore, Position } from '../../stores/event-store.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { eventFilters } from '../event-filters.ts';
import { eventDetailSchema, eventViewSchema } from '../event-schema.ts';
import { viewEvent, viewEventDetail } from '../event-view.ts';
import { Problem } from '../problem.ts';
import { cursorTo, limit, toCursor } from '../query.ts';
import { rawModes, showRaw } from '../raw.ts';
import { readQuery } from '../read.ts';

const positionSchema = z.tuple([z.iso.datetime(), z.int().nonnegative()]);

const cursor = cursorTo(positionSchema.transform(([firstSeenAt, sequence]): Position => ({ firstSeenAt, sequence })));

const raw = z
  .enum(rawModes)
  .default('whole')
  .meta({ description: "The vendor's object: whole, without what may be a secret, or left out." });

const querySchema = z.strictObject({
  limit,
  cursor: cursor.optional().meta({ description: 'The `next_cursor` of the previous answer.' }),
  ...eventFilters.shape,
  raw,
});

const detailQuerySchema = z.strictObject({ raw });

const listSchema = z.strictObject({
  events: z.array(eventViewSchema),
  next_cursor: z.string().nullable().meta({ description: 'Pass it as `cursor` to get the next events.' }),
});

export const eventPaths: Paths = {
  '/events': {
    get: {
      tags: ['events'],
      summary: 'List events, newest first.',
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
export const eventRoutes = (store: Pick<EventStore, 'list' | 'read'>) =>
  new Hono<HttpEnv>()
    .get('/events', async (c) => {
      const { cursor: before, raw, ...filters } = readQuery(c, querySchema);
      const { records, next } = await store.list({ ...filters, before });
      return c.json<z.infer<typeof listSchema>>({
        events: records.map((record) => showRaw(viewEvent(record), raw)),
        next_cursor: next && toCursor([next.firstSeenAt, next.sequence]),
      });
    })
    .get('/events/:eventId', async (c) => {
      const { raw } = readQuery(c, detailQuerySchema);
      const detail = await store.read(c.req.param('eventId'));
      if (!detail) throw new Problem({ status: 404, detail: 'no event with this id is stored' });
      return c.json<z.infer<typeof eventDetailSchema>>(showRaw(viewEventDetail(detail), raw));
    });
