import { Hono } from 'hono';
import * as z from 'zod';
import { actions, type Delivery, deliveryStatuses } from '../../delivery.ts';
import type { Retrier } from '../../pipeline/retry.ts';
import type { DeliveryPosition, EventStore } from '../../stores/store.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { cursorTo, limit, moment, toCursor } from '../query.ts';
import { readOptionalJson, readQuery } from '../read.ts';

const positionSchema = z.tuple([z.iso.datetime(), z.int().nonnegative(), z.int().nonnegative()]);

const cursor = cursorTo(
  positionSchema.transform(
    ([firstSeenAt, sequence, ordinal]): DeliveryPosition => ({ firstSeenAt, sequence, ordinal }),
  ),
);

const querySchema = z.strictObject({
  limit,
  cursor: cursor.optional(),
  status: z.enum(deliveryStatuses).optional(),
  destination: z.string().min(1).optional(),
  action: z.enum(actions).optional(),
  since: moment.optional(),
  until: moment.optional(),
});

const retryAllSchema = z.strictObject({ since: moment.optional() });

const viewDelivery = (delivery: Delivery) => ({
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

/** `GET /deliveries`, those of the newest event first, and what owes once more those that failed. */
export const deliveryRoutes = (store: Pick<EventStore, 'listDeliveries'>, retrier: Retrier) =>
  new Hono<HttpEnv>()
    .get('/deliveries', async (c) => {
      const { cursor: before, ...filters } = readQuery(c, querySchema);
      const { deliveries, next } = await store.listDeliveries({ ...filters, before });
      const nextCursor = next && toCursor([next.firstSeenAt, next.sequence, next.ordinal]);
      return c.json({ deliveries: deliveries.map(viewDelivery), next_cursor: nextCursor });
    })
    .post('/deliveries/retry', async (c) => {
      const { since } = await readOptionalJson(c, retryAllSchema, '{"since": "…"}');
      return c.json(await retrier.retryAll(since, c.get('requestId')));
    })
    .post('/deliveries/:id/retry', async (c) => {
      const result = await retrier.retry(c.req.param('id'), c.get('requestId'));
      if (result.kind === 'unknown') throw new Problem({ status: 404, detail: 'no delivery with this id is stored' });
      if (result.kind === 'refused')
        throw new Problem({ status: 409, detail: `it is not sent again: ${result.reason}` });
      return c.json({ retried: result.kind === 'retried', delivery: viewDelivery(result.delivery) });
    });
