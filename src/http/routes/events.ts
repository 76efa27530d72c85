import { Hono } from 'hono';
import * as z from 'zod';
import type { EventStore, Position } from '../../stores/store.ts';
import type { HttpEnv } from '../env.ts';
import { eventFilters } from '../event-filters.ts';
import { viewEvent, viewEventDetail } from '../event-view.ts';
import { Problem } from '../problem.ts';
import { rawModes, showRaw } from '../raw.ts';
import { readQuery } from '../read.ts';

const positionSchema = z.tuple([z.iso.datetime(), z.int().nonnegative()]);

const encodeCursor = ({ firstSeenAt, sequence }: Position): string =>
  Buffer.from(JSON.stringify([firstSeenAt, sequence])).toString('base64url');

const decodeCursor = (text: string): Position | null => {
  try {
    const [firstSeenAt, sequence] = positionSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    return { firstSeenAt, sequence };
  } catch {
    return null;
  }
};

const cursor = z.string().transform((text, context) => {
  const position = decodeCursor(text);
  if (position) return position;
  context.addIssue({ code: 'custom', message: 'expected a next_cursor of an earlier answer' });
  return z.NEVER;
});

const querySchema = z.strictObject({
  limit: z
    .string()
    .regex(/^\d+$/, 'expected a whole number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= 1000, 'expected a number from 1 to 1000')
    .default(50),
  cursor: cursor.optional(),
  ...eventFilters.shape,
  raw: z.enum(rawModes).default('whole'),
});

const detailSchema = z.strictObject({ raw: z.enum(rawModes).default('whole') });

/** `GET /events`, newest first, and `GET /events/{event_id}`, with its whole history. */
export const eventRoutes = (store: Pick<EventStore, 'list' | 'read'>) =>
  new Hono<HttpEnv>()
    .get('/events', async (c) => {
      const { cursor: before, raw, ...filters } = readQuery(c, querySchema);
      const { records, next } = await store.list({ ...filters, before });
      return c.json({
        events: records.map((record) => showRaw(viewEvent(record), raw)),
        next_cursor: next && encodeCursor(next),
      });
    })
    .get('/events/:eventId', async (c) => {
      const { raw } = readQuery(c, detailSchema);
      const detail = await store.read(c.req.param('eventId'));
      if (!detail) throw new Problem({ status: 404, detail: 'no event with this id is stored' });
      return c.json(showRaw(viewEventDetail(detail), raw));
    });
