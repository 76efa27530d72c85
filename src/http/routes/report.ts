import { Hono } from 'hono';
import * as z from 'zod';
import { dayMs } from '../../lib/time.ts';
import type { ReadReport } from '../../report/read-report.ts';
import { reportCsv, reportSchema } from '../../report/report.ts';
import { dayOf, daysBetween } from '../../report/shares.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { moment } from '../query.ts';
import { invalidParameter, readQuery } from '../read.ts';

const maxDays = 400;
const defaultDays = 90;

/** A day, or a time on it. */
const day = z.string().transform((text, context) => {
  const at = moment.safeParse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text);
  if (at.success) return at.data.slice(0, 10);
  context.addIssue({ code: 'custom', message: 'expected a day such as 2026-01-31, or a time on it' });
  return z.NEVER;
});

const querySchema = z.strictObject({
  from: day.optional().meta({ description: 'The first day, in UTC; 90 days until `to`, if it is absent.' }),
  to: day.optional().meta({ description: 'The last day, in UTC, included; today, if it is absent.' }),
  format: z.enum(['json', 'csv']).optional().meta({ description: 'Otherwise `Accept` decides.' }),
});

const csv = 'text/csv; charset=utf-8';
const inJson = json('The report.', reportSchema);

export const reportPaths: Paths = {
  '/sources/{source}/report': {
    get: {
      tags: ['dashboard'],
      summary: 'Report how a vendor did: minutes of outage, alerts and lead time, a row a day.',
      description: 'The rows outlive `EVENT_RETENTION_DAYS`. With `Accept: text/csv` or `format=csv` they are CSV.',
      requestParams: { path: z.object({ source: z.string() }), query: querySchema },
      responses: {
        200: { ...inJson, content: { ...inJson.content, [csv]: { schema: z.string() } } },
        ...problems(400, 404, 503),
      },
    },
  },
};

/** @throws {Problem} 400 */
const demandSpan = (from: string, to: string): void => {
  const count = daysBetween(from, to).length;
  if (count >= 1 && count <= maxDays) return;
  const message = count < 1 ? 'it is after `to`' : `at most ${maxDays} days`;
  throw invalidParameter({ path: 'from', message });
};

/** `GET /sources/{source}/report`, as JSON and CSV. */
export const reportRoutes = (readReport: ReadReport, now: () => number) =>
  new Hono<HttpEnv>().get('/sources/:source/report', async (c) => {
    const query = readQuery(c, querySchema);
    const to = query.to ?? dayOf(now());
    const from = query.from ?? dayOf(Date.parse(to) - (defaultDays - 1) * dayMs);
    demandSpan(from, to);
    const source = c.req.param('source');
    const report = await readReport(source, from, to);
    if (!report) throw new Problem({ status: 404, detail: 'there is no source of this name' });
    const wantsCsv =
      query.format === 'csv' || (query.format === undefined && /\btext\/csv\b/i.test(c.req.header('accept') ?? ''));
    if (!wantsCsv) return c.json<z.infer<typeof reportSchema>>(report);
    const name = `${source}-${from}-${to}.csv`.replace(/[^\w.-]/g, '_');
    return c.body(reportCsv(report), 200, {
      'content-type': csv,
      'content-disposition': `attachment; filename="${name}"`,
    });
  });
