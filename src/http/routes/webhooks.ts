import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Verified, WebhookSource } from '../../ingest/webhook.ts';
import { errorText, StoreUnavailable } from '../../lib/errors.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { SignalOutcomes } from '../../pipeline/signal-outcome.ts';
import { contentEncoding } from '../content-encoding.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem, problem, storeUnavailable } from '../problem.ts';

export interface WebhookDeps {
  readonly sources: readonly WebhookSource[];
  readonly bus: Bus;
  readonly outcomes: Pick<SignalOutcomes, 'expect'>;
  readonly onRefused: (source: string) => void;
  readonly now: () => number;
}

/**
 * The answers of one turn of the event loop go out together. One at a time, each wakes the other end, or a proxy between,
 * which on a busy machine costs more than the work on the request itself.
 */
const endOfTurn = (): Promise<void> => new Promise(setImmediate);

/** The signature is over the bytes that the vendor sent, which are plain. */
const verifyRequest = async (c: Context, verify: WebhookSource['verify'], nowMs: number): Promise<Verified> => {
  const encoding = contentEncoding(c);
  if (encoding === null) return verify(new Uint8Array(await c.req.arrayBuffer()), (name) => c.req.header(name), nowMs);
  const detail = `the body came with Content-Encoding: ${encoding}, and its signature is over the plain body: nothing between the vendor and this service may compress it`;
  return { ok: false, authentic: false, detail };
};

/** The vendor is to send it again. */
const notStored = (error: unknown) =>
  storeUnavailable(
    error instanceof StoreUnavailable ? error : new StoreUnavailable('store_unavailable', errorText(error)),
  );

/** `POST /ingest/{vendor}` for every vendor that posts to us: verifies, emits one raw signal, and waits until it is stored. */
export const webhookRoutes = ({ sources, bus, outcomes, onRefused, now }: WebhookDeps) => {
  const app = new Hono<HttpEnv>();

  for (const { vendor, source, verify } of sources) {
    app.post(`/ingest/${vendor}`, async (c) => {
      const requestId = c.get('requestId');
      const verified = await verifyRequest(c, verify, now());
      const header = (name: string) => c.req.header(name);
      if (!verified.ok) {
        onRefused(source);
        const { detail, errors } = verified;
        throw new Problem({ status: 400, detail, ...(errors && { errors }) });
      }
      const signalId = randomUUID();
      const { payload, checked, rawJson } = verified;
      const ended = outcomes.expect(signalId);
      bus.publish('signal.received', { signalId, requestId, vendor, source, payload, checked, rawJson, header });
      const all = await ended;
      await endOfTurn();
      for (const outcome of all) if (outcome.kind === 'failed') return problem(c, notStored(outcome.error));
      const deduped = all.length > 0 && all.every(({ kind }) => kind === 'duplicate');
      return c.json(deduped ? { received: true, deduped } : { received: true });
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
          summary: `Receive a signed webhook of ${vendor}.`,
          description: 'Needs no token: the signature over the raw body is checked.',
          security: [],
          requestParams: { header: request.headers },
          requestBody: jsonBody(request.body, request.example()),
          responses: { 200: json('The event is stored.', receivedSchema), ...problems(400, 503) },
        },
      },
    ]),
  );
