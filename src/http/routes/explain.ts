import { Hono } from 'hono';
import * as z from 'zod';
import { statusPageName } from '../../domain/status-page-name.ts';
import type { Explain } from '../../explain/explain.ts';
import { explanationSchema } from '../../explain/explanation.ts';
import type { WebhookSource } from '../../ingest/webhook.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { moment } from '../query.ts';
import { readJson, readQuery } from '../read.ts';

/** Each dialect has its own; none is answered 400 before it was tried as all of them. */
const summaryDocument = z.union([z.looseObject({}), z.array(z.unknown())]).meta({
  description:
    "A status page's document: summary.json (Statuspage, incident.io, Instatus), index.json (Better Stack), " +
    'incidents.json (Google), currentevents (AWS), 1.0/status (Status.io), a product or an instance (Salesforce).',
});

export const explainQuery = z.strictObject({
  page: z
    .string()
    .regex(statusPageName, 'expected lower-case letters, digits, "-" and "_", 64 at most')
    .default('vendor')
    .meta({ description: 'The status page that a summary is compared with.' }),
  at: moment
    .optional()
    .meta({ description: 'The time at which the rules and silences are asked, in ISO-8601; now, if it is absent.' }),
});

export const explainPaths = (webhooks: readonly WebhookSource[]): Paths => ({
  '/routing/explain': {
    post: {
      tags: ['rules'],
      summary:
        "Explain what would become of a vendor's event or a status page's summary.json. It is neither stored nor sent.",
      requestParams: { query: explainQuery },
      requestBody: jsonBody(
        z.union([...webhooks.map(({ request }) => request.body), summaryDocument]),
        webhooks[0]?.request.example(),
      ),
      responses: { 200: json('The explanation.', explanationSchema), ...problems(400, 503) },
    },
  },
});

/** `POST /routing/explain`: what would become of a vendor's payload, without storing or sending anything. */
export const explainRoutes = (explain: Explain) =>
  new Hono<HttpEnv>().post('/routing/explain', async (c) => {
    const { page, at } = readQuery(c, explainQuery);
    const explanation = await explain({
      payload: await readJson(c, z.unknown(), 'JSON'),
      page,
      atMs: at === undefined ? null : Date.parse(at),
      requestId: c.get('requestId'),
    });
    if ('errors' in explanation) {
      const detail = "the body is neither a vendor's event nor a status page's summary.json";
      throw new Problem({ status: 400, detail, errors: explanation.errors });
    }
    return c.json<z.infer<typeof explanationSchema>>(explanation);
  });
