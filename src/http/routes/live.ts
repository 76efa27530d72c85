import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import * as z from 'zod';
import type { Sessions } from '../access/sessions.ts';
import { type Paths, problems, text } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { eventFilterQuery } from '../event-filters.ts';
import type { Live } from '../live/feed.ts';
import { Problem } from '../problem.ts';
import { readQuery } from '../read.ts';

/** `after` is for clients that cannot send the header, such as a browser that opens a new stream. */
const querySchema = eventFilterQuery.extend({
  after: z.string().optional(),
  events: z.enum(['whole', 'ids']).default('whole').meta({
    description: 'A `changed` message holds the whole event, or only its `event_id`, a tenth of the bytes.',
  }),
});

const lastEventId = z
  .string()
  .optional()
  .meta({ description: 'The `id` of the last message that came, to go on after it.' });

export const livePaths: Paths = {
  '/live': {
    get: {
      tags: ['events'],
      summary: 'Stream every event and alert that is stored or changes, as server-sent events.',
      description:
        'Messages are `ready`, `changed` (an event as in `GET /events?raw=none`, or its `event_id`), `gone` (an event that the filters leave out now), `alert` (an alert as in `GET /alerts`, held against the filters `source` and `alert_id` alone), `reset` (read the lists again) and `alive`.',
      requestParams: { query: querySchema, header: z.object({ 'Last-Event-ID': lastEventId }) },
      responses: { 200: text('The stream, which does not end by itself.', 'text/event-stream'), ...problems(400, 503) },
    },
  },
};

const streamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // nginx would collect it.
  'x-accel-buffering': 'no',
} as const;

/** `GET /live`: server-sent events. It ends with the session that let it in. Its log line is written when it begins, as that of every answer. */
export const liveRoutes = (live: Live, sessions: Pick<Sessions, 'onEnd'> | undefined) =>
  new Hono<HttpEnv & { Bindings: Partial<HttpBindings> }>().get('/live', async (c) => {
    const { after, events, ...filters } = readQuery(c, querySchema);
    // Nobody would ever read the stream, or close it.
    if (c.req.method === 'HEAD') return c.body(null, 200, streamHeaders);
    const cursor = c.req.header('last-event-id') || after || null;
    const session = c.get('session');
    const until = session && sessions ? (end: () => void) => sessions.onEnd(session, end) : undefined;
    const stream = await live.open({ filters, events }, cursor, c.env?.outgoing, until);
    if (stream === 'full') {
      const detail = 'there are as many live streams as there may be, or this process is stopping';
      throw new Problem({ status: 503, detail, headers: { 'retry-after': '5' } });
    }
    return c.body(stream, 200, streamHeaders);
  });
