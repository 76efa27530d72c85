import type { SummaryReader } from '../ingest/polling/fetch.ts';
import type { Page } from '../ingest/polling/page.ts';
import type { Tracer } from '../lib/tracer.ts';
import type { PageMetrics } from './page-metrics.ts';

/** The reader of a page, each fetch a step of the trace of its pull. */
export const observeReader = (page: string, read: SummaryReader, tracer: Tracer): SummaryReader =>
  tracer.isOn ? () => tracer.span('fetch', { page }, read, { kind: 'client' }) : read;

/** The page, each pull counted by what it came to, and a trace of its own where no request asked for it. */
export const observePage = (page: Page, metrics: Pick<PageMetrics, 'pulled'>, tracer: Tracer): Page => ({
  ...page,
  pull: (requestId) =>
    tracer.span('pull', { page: page.name, request_id: requestId }, async (span) => {
      const report = await page.pull(requestId);
      metrics.pulled(report);
      span.set({ outcome: report.verdict, fetched: report.fetched });
      if (!report.ok) span.fail(report.errors.join('; '));
      return report;
    }),
});
