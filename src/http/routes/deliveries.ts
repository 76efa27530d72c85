import { Hono } from 'hono';
import * as z from 'zod';
import { actions, deliveryStatuses } from '../../domain/delivery.ts';
import type { Retrier } from '../../sinks/manual-retry.ts';
import type { DeliveryPosition, EventStore } from '../../stores/event-store.ts';
import { count, deliverySchema, listedDeliverySchema } from '../delivery-schema.ts';
import { viewDelivery, viewListedDelivery } from '../delivery-view.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { cursorTo, limit, nextCursor, since, toCursor, until } from '../query.ts';
import { readOptionalJson, readQuery } from '../read.ts';

const cursor = cursorTo(
  z
    .tuple([z.int().nonnegative(), z.int().nonnegative()])
    .transform(([sequence, ordinal]): DeliveryPosition => ({ sequence, ordinal })),
);

const ofAlert = 'the `opened_at` of the alert';

const querySchema = z.strictObject({
  limit,
  cursor: cursor.optional().meta({ description: 'The `next_cursor` of the answer before.' }),
  status: z.enum(deliveryStatuses).optional(),
  destination: z.string().min(1).optional(),
  action: z.enum(actions).optional(),
  since: since(ofAlert),
  until: until(ofAlert),
});

const retryAllSchema = z.strictObject({ since: since(ofAlert) });
const retriedAllSchema = z.strictObject({ retried: count, skipped: count });

const listSchema = z.strictObject({
  deliveries: z.array(listedDeliverySchema),
  next_cursor: nextCursor('deliveries'),
});

const retriedSchema = z.strictObject({
  retried: z.boolean().meta({ description: 'False when it is delivered or waiting already.' }),
  delivery: deliverySchema,
});

export const deliveryPaths: Paths = {
  '/deliveries': {
    get: {
      tags: ['deliveries'],
      summary: 'List deliveries, those of the newest alert first.',
      requestParams: { query: querySchema },
      responses: { 200: json('The deliveries.', listSchema), ...problems(400, 503) },
    },
  },
  '/deliveries/retry': {
    post: {
      tags: ['deliveries'],
      summary: 'Retry all failed deliveries.',
      requestBody: { ...jsonBody(retryAllSchema), required: false },
      responses: {
        200: json('How many are retried, and how many can no longer be sent.', retriedAllSchema),
        ...problems(400, 503),
      },
    },
  },
  '/deliveries/{id}/retry': {
    post: {
      tags: ['deliveries'],
      summary: 'Retry a failed delivery.',
      requestParams: { path: z.object({ id: z.string() }) },
      responses: { 200: json('The delivery.', retriedSchema), ...problems(404, 409, 503) },
    },
  },
};

/** `GET /deliveries`, those of the newest alert first, and retrying those that failed. */
export const deliveryRoutes = (store: Pick<EventStore, 'listDeliveries'>, retrier: Retrier) =>
  new Hono<HttpEnv>()
    .get('/deliveries', async (c) => {
      const { cursor: before, ...filters } = readQuery(c, querySchema);
      const { deliveries, titles, next } = await store.listDeliveries({ ...filters, before, withTitles: true });
      return c.json<z.infer<typeof listSchema>>({
        deliveries: deliveries.map(viewListedDelivery(titles)),
        next_cursor: next && toCursor([next.sequence, next.ordinal]),
      });
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
