import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import { errorText, StoreUnavailable } from '../../errors.ts';
import type { WebhookSource } from '../../ingest/source.ts';
import type { Log } from '../../log.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { Outcomes } from '../../pipeline/outcomes.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { problem, storeUnavailable } from '../problem.ts';

export interface WebhookDeps {
  readonly sources: readonly WebhookSource[];
  readonly bus: Bus;
  readonly outcomes: Outcomes;
  readonly log: Log;
  readonly now: () => number;
}

/** `POST /ingest/{vendor}` for every vendor that posts to us: verifies, emits one raw signal, and waits until it is stored. */
export const webhookRoutes = ({ sources, bus, outcomes, log, now }: WebhookDeps) => {
  const app = new Hono<HttpEnv>();
  for (const { vendor, source, verify } of sources) {
    app.post(`/ingest/${vendor}`, async (c) => {
      const requestId = c.get('requestId');
      const verified = verify(new Uint8Array(await c.req.arrayBuffer()), (name) => c.req.header(name), now());
      if (!verified.ok) {
        log.warn({ request_id: requestId, vendor, detail: verified.detail, errors: verified.errors }, 'signal.refused');
        return problem(c, { status: 400, ...verified });
      }
      const signalId = randomUUID();
      const ended = outcomes.expect(signalId, 'stored');
      bus.publish('signal.received', { signalId, requestId, vendor, source, payload: verified.payload });
      const outcome = await ended;
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
          responses: { 200: json('The event is stored.', receivedSchema), ...problems(400, 503) },
        },
      },
    ]),
  );
