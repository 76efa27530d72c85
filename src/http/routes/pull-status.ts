import { Hono } from 'hono';
import * as z from 'zod';
import type { PageReport } from '../../ingest/polling/page.ts';
import type { Poller } from '../../ingest/polling/poller.ts';
import type { Outcome } from '../../pipeline/topics.ts';
import { count } from '../delivery-schema.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { problem } from '../problem.ts';

const pullSchema = z.strictObject({
  fetched: z
    .record(z.string(), count)
    .meta({ description: 'Well-formed incidents, maintenances and leaf components, by status page.' }),
  stored: count.meta({ description: 'New events.' }),
  updated: count.meta({ description: 'Events that changed and are still open.' }),
  resolved: count.meta({ description: 'Events that this pull closed.' }),
  duplicates: count,
  routed: count.meta({ description: 'Events that were newly handed to a destination, by trigger or update.' }),
  errors: z
    .record(z.string(), z.string())
    .meta({ description: 'The reasons for which something could not be read, by status page.' }),
  skipped: z.array(z.string()).readonly().meta({ description: 'Status pages without a URL.' }),
});
type Pull = z.infer<typeof pullSchema>;

export const pullStatusPaths: Paths = {
  '/ingest/pull-status': {
    post: {
      tags: ['ingestion'],
      summary: 'Fetch every status page now, and wait for the result.',
      responses: { 200: json('The counts of this pull.', pullSchema), ...problems(502, 503) },
    },
  },
};

/** Which count of the answer an outcome goes into; what changed after its end, or was never open, goes into none. */
const counted: Readonly<Partial<Record<Outcome['kind'], 'stored' | 'updated' | 'resolved' | 'duplicates'>>> = {
  stored: 'stored',
  updated: 'updated',
  reopened: 'updated',
  resolved: 'resolved',
  duplicate: 'duplicates',
  older: 'duplicates',
};

const countOutcomes = (outcomes: readonly Outcome[]) => {
  const counts = { stored: 0, updated: 0, resolved: 0, duplicates: 0, routed: 0 };
  for (const { kind, routed } of outcomes) {
    const name = counted[kind];
    if (name) counts[name] += 1;
    if (routed) counts.routed += 1;
  }
  return counts;
};

/** The pull's answer, apart from the pages that were skipped. */
const summarizePull = (pages: readonly PageReport[]): Omit<Pull, 'skipped'> => ({
  fetched: Object.fromEntries(pages.filter(({ ok }) => ok).map(({ page, fetched }) => [page, fetched])),
  ...countOutcomes(pages.flatMap(({ outcomes }) => outcomes)),
  errors: Object.fromEntries(
    pages.filter(({ errors }) => errors.length > 0).map(({ page, errors }) => [page, errors.join('; ')]),
  ),
});

/** `POST /ingest/pull-status`: fetches every status page now and waits for what became of its signals. */
export const pullStatusRoutes = (poller: Poller, skipped: () => readonly string[]) =>
  new Hono<HttpEnv>().post('/ingest/pull-status', async (c) => {
    const pages = await poller.pull(c.get('requestId'));
    const summary = summarizePull(pages);
    if (pages.length > 0 && pages.every(({ ok }) => !ok))
      return problem(c, { status: 502, detail: 'no status page could be read', errors: summary.errors });
    return c.json<Pull>({ ...summary, skipped: [...skipped()] });
  });
