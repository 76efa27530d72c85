import { Hono } from 'hono';
import * as z from 'zod';
import { kinds, severities, sourceSchema } from '../../event.ts';
import type { EventStore, Position } from '../../stores/store.ts';
import type { HttpEnv } from '../env.ts';
import { viewEvent, viewEventDetail } from '../event-view.ts';
import { Problem } from '../problem.ts';
import { cursorTo, limit, moment, toCursor } from '../query.ts';
import { readQuery } from '../read.ts';

const positionSchema = z.tuple([z.iso.datetime(), z.int().nonnegative()]);

const cursor = cursorTo(positionSchema.transform(([firstSeenAt, sequence]): Position => ({ firstSeenAt, sequence })));

const querySchema = z.strictObject({
  limit,
  cursor: cursor.optional(),
  source: sourceSchema.optional(),
  kind: z.enum(kinds).optional(),
  severity: z.enum(severities).optional(),
  service: z.string().min(1).optional(),
  state: z.enum(['open', 'resolved']).optional(),
  routed: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  since: moment.optional(),
  until: moment.optional(),
});

/** `GET /events`, newest first, and `GET /events/{event_id}`, with its whole history. */
export const eventRoutes = (store: Pick<EventStore, 'list' | 'read'>) =>
  new Hono<HttpEnv>()
    .get('/events', async (c) => {
      const { cursor: before, ...filters } = readQuery(c, querySchema);
      const { records, next } = await store.list({ ...filters, before });
      return c.json({
        events: records.map(viewEvent),
        next_cursor: next && toCursor([next.firstSeenAt, next.sequence]),
      });
    })
    .get('/events/:eventId', async (c) => {
      const detail = await store.read(c.req.param('eventId'));
      if (!detail) throw new Problem({ status: 404, detail: 'no event with this id is stored' });
      return c.json(viewEventDetail(detail));
    });
