import { Hono } from 'hono';
import * as z from 'zod';
import { actions, type Delivery, deliveryStatuses } from '../../domain/delivery.ts';
import { instantSchema } from '../../domain/event.ts';
import type { Retrier } from '../../sinks/manual-retry.ts';
import type { DeliveryPosition, EventStore } from '../../stores/event-store.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { cursorTo, limit, since, toCursor, until } from '../query.ts';
import { readOptionalJson, readQuery } from '../read.ts';

const positionSchema = z.tuple([z.iso.datetime(), z.int().nonnegative(), z.int().nonnegative()]);

const cursor = cursorTo(
  positionSchema.transform(
    ([firstSeenAt, sequence, ordinal]): DeliveryPosition => ({ firstSeenAt, sequence, ordinal }),
  ),
);

const querySchema = z.strictObject({
  limit,
  cursor: cursor.optional().meta({ description: 'The `next_cursor` of the previous answer.' }),
  status: z.enum(deliveryStatuses).optional(),
  destination: z.string().min(1).optional(),
  action: z.enum(actions).optional(),
  since,
  until,
});

const count = z.int().nonnegative();

const retryAllSchema = z.strictObject({ since });
const retriedAllSchema = z.strictObject({ retried: count, skipped: count });

const deliverySchema = z
  .strictObject({
    id: z.string(),
    event_id: z.string(),
    destination: z.string(),
    action: z.enum(actions),
    status: z.enum(deliveryStatuses),
    attempts: count,
    last_error: z.string().nullable(),
    created_at: instantSchema,
    delivered_at: instantSchema.nullable(),
    next_attempt_at: instantSchema.nullable(),
  })
  .meta({ id: 'Delivery', description: 'One action of an alert, for one destination.' });

const listSchema = z.strictObject({
  deliveries: z.array(deliverySchema),
  next_cursor: z.string().nullable().meta({ description: 'Pass it as `cursor` to get the next deliveries.' }),
});

const retriedSchema = z.strictObject({
  retried: z.boolean().meta({ description: 'False when it was already delivered or already queued.' }),
  delivery: deliverySchema,
});

export const deliveryPaths: Paths = {
  '/deliveries': {
    get: {
      tags: ['deliveries'],
      summary: 'List deliveries, those of the newest event first.',
      requestParams: { query: querySchema },
      responses: { 200: json('The deliveries.', listSchema), ...problems(400, 503) },
    },
  },
  '/deliveries/retry': {
    post: {
      tags: ['deliveries'],
      summary: 'Retry all failed deliveries.',
      requestBody: { ...jsonBody(retryAllSchema), required: false },
      responses: { 200: json('How many are queued again.', retriedAllSchema), ...problems(400, 503) },
    },
  },
  '/deliveries/{id}/retry': {
    post: {
      tags: ['deliveries'],
      summary: 'Retry a failed delivery.',
      requestParams: { path: z.object({ id: z.string() }) },
      responses: { 200: json('Whether it was queued.', retriedSchema), ...problems(404, 409, 503) },
    },
  },
};

const viewDelivery = (delivery: Delivery): z.infer<typeof deliverySchema> => ({
  id: delivery.id,
  event_id: delivery.event_id,
  destination: delivery.destination,
  action: delivery.action,
  status: delivery.status,
  attempts: delivery.attempts,
  last_error: delivery.last_error,
  created_at: delivery.created_at,
  delivered_at: delivery.delivered_at,
  next_attempt_at: delivery.next_attempt_at,
});

/** `GET /deliveries`, those of the newest event first, and retrying those that failed. */
export const deliveryRoutes = (store: Pick<EventStore, 'listDeliveries'>, retrier: Retrier) =>
  new Hono<HttpEnv>()
    .get('/deliveries', async (c) => {
      const { cursor: before, ...filters } = readQuery(c, querySchema);
      const { deliveries, next } = await store.listDeliveries({ ...filters, before });
      const nextCursor = next && toCursor([next.firstSeenAt, next.sequence, next.ordinal]);
      return c.json<z.infer<typeof listSchema>>({ deliveries: deliveries.map(viewDelivery), next_cursor: nextCursor });
    })
    .post('/deliveries/retry', async (c) => {
      const { since } = await readOptionalJson(c, retryAllSchema, '{"since": "…"}');
      return c.json<z.infer<typeof retriedAllSchema>>(await retrier.retryAll(since, c.get('requestId')));
    })
    .post('/deliveries/:id/retry', async (c) => {
      const result = await retrier.retry(c.req.param('id'), c.get('requestId'));
      if (result.kind === 'unknown') throw new Problem({ status: 404, detail: 'no delivery with this id is stored' });
      if (result.kind === 'refused')
        throw new Problem({ status: 409, detail: `it is not sent again: ${result.reason}` });
      return c.json<z.infer<typeof retriedSchema>>({
        retried: result.kind === 'retried',
        delivery: viewDelivery(result.delivery),
      });
    });
