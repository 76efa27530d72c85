import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Refused, WebhookSource } from '../../ingest/webhook.ts';
import { errorText, StoreUnavailable } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { Outcomes } from '../../pipeline/signal-outcome.ts';
import type { FailureLimit } from '../access/failure-limit.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { problem, slowDown, storeUnavailable } from '../problem.ts';

export interface WebhookDeps {
  readonly sources: readonly WebhookSource[];
  readonly bus: Bus;
  readonly outcomes: Outcomes;
  readonly failures: FailureLimit;
  readonly onRefused: (source: string) => void;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * The answers of one turn of the event loop go out together. One at a time, each wakes the other end, or a proxy between,
 * which on a busy machine costs more than the work on the request itself.
 */
const endOfTurn = (): Promise<void> => new Promise(setImmediate);

/** `POST /ingest/{vendor}` for every vendor that posts to us: verifies, emits one raw signal, and waits until it is stored. */
export const webhookRoutes = ({ sources, bus, outcomes, failures, onRefused, log, now }: WebhookDeps) => {
  const app = new Hono<HttpEnv>();

  const refuse = (c: Context<HttpEnv>, vendor: string, { authentic, ...why }: Refused): Response => {
    const address = c.get('address');
    const waitMs = authentic ? 0 : failures.failed(address);
    const { detail, errors } = why;
    log.warn({ request_id: c.get('requestId'), vendor, address, detail, errors, wait_ms: waitMs }, 'signal.refused');
    if (waitMs > 0) throw slowDown(detail, waitMs);
    return problem(c, { status: 400, ...why });
  };

  for (const { vendor, source, verify } of sources) {
    app.post(`/ingest/${vendor}`, async (c) => {
      const requestId = c.get('requestId');
      const verified = verify(new Uint8Array(await c.req.arrayBuffer()), (name) => c.req.header(name), now());
      if (!verified.ok) {
        onRefused(source);
        return refuse(c, vendor, verified);
      }
      failures.succeeded(c.get('address'));
      const signalId = randomUUID();
      const ended = outcomes.expect(signalId, 'stored');
      bus.publish('signal.received', { signalId, requestId, vendor, source, payload: verified.payload });
      const outcome = await ended;
      await endOfTurn();
      if (outcome.kind === 'duplicate') return c.json({ received: true, deduped: true });
      if (outcome.kind !== 'failed') return c.json({ received: true });
      const { error } = outcome;
      const cause =
        error instanceof StoreUnavailable ? error : new StoreUnavailable('store_unavailable', errorText(error));
      return problem(c, storeUnavailable(cause));
    });
  }
  return app;
};

const receivedSchema = z.strictObject({
  received: z.literal(true),
  deduped: z.literal(true).optional().meta({ description: 'The event was seen before.' }),
});

export const webhookPaths = (sources: readonly WebhookSource[]): Paths =>
  Object.fromEntries(
    sources.map(({ vendor, request }) => [
      `/ingest/${vendor}`,
      {
        post: {
          tags: ['ingestion'],
          summary: `Takes a signed webhook of ${vendor}.`,
          description: 'It needs no token: the signature over the raw body is what lets it in.',
          security: [],
          requestParams: { header: request.headers },
          requestBody: jsonBody(request.body, request.example()),
          responses: { 200: json('The event is stored.', receivedSchema), ...problems(400, 429, 503) },
        },
      },
    ]),
  );
