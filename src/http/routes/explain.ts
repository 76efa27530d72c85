import { Hono } from 'hono';
import * as z from 'zod';
import { pageName } from '../../config/values.ts';
import type { Explain } from '../../explain/explain.ts';
import { explanationSchema } from '../../explain/explanation.ts';
import { summarySchema } from '../../ingest/statuspage/schema.ts';
import type { WebhookSource } from '../../ingest/webhook.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { readJson, readQuery } from '../read.ts';

const querySchema = z.strictObject({
  page: z
    .string()
    .regex(pageName, 'expected lower-case letters, digits, "-" and "_", 64 at most')
    .default('vendor')
    .meta({ description: 'The status page that the summary belongs to. Its stored events are taken into account.' }),
});

export const explainPaths = (webhooks: readonly WebhookSource[]): Paths => ({
  '/routing/explain': {
    post: {
      tags: ['ingestion'],
      summary:
        "Explain how a vendor's event or a status page's summary.json would be handled. Nothing is stored or sent.",
      requestParams: { query: querySchema },
      requestBody: jsonBody(
        z.union([...webhooks.map(({ request }) => request.body), summarySchema]),
        webhooks[0]?.request.example(),
      ),
      responses: { 200: json('The decisions, and why.', explanationSchema), ...problems(400, 503) },
    },
  },
});

/** `POST /routing/explain`: what would become of a vendor's payload, without storing or sending anything. */
export const explainRoutes = (explain: Explain) =>
  new Hono<HttpEnv>().post('/routing/explain', async (c) => {
    const { page } = readQuery(c, querySchema);
    const explanation = await explain(await readJson(c, z.unknown(), 'JSON'), page, c.get('requestId'));
    if ('errors' in explanation) {
      const detail = "the body is neither a vendor's event nor a status page's summary.json";
      throw new Problem({ status: 400, detail, errors: explanation.errors });
    }
    return c.json<z.infer<typeof explanationSchema>>(explanation);
  });
