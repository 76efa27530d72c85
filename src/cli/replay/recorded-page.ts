import type { SummaryReader } from '../../ingest/polling/fetch.ts';
import { FetchFailed } from '../../ingest/polling/fetch-failed.ts';
import { readSummary } from '../../ingest/polling/read-documents.ts';
import { dialects } from '../../ingest/registry.ts';
import type { Summary } from '../../ingest/status-page.ts';

export interface RecordedPage {
  /** From now on the status page answers this. */
  show(body: unknown): void;
  readonly read: SummaryReader;
}

/** @throws {FetchFailed} of the first dialect, when the body is of none */
const readBody = (body: unknown, nowMs: number): Summary => {
  let failure: unknown;
  for (const dialect of dialects) {
    try {
      return readSummary(dialect, [body], nowMs);
    } catch (error) {
      if (!(error instanceof FetchFailed)) throw error;
      failure ??= error;
    }
  }
  throw failure;
};

/** A status page that answers what was recorded. */
export const createRecordedPage = (now: () => number): RecordedPage => {
  let body: unknown = null;
  let summary: Summary | undefined;
  return {
    show(next) {
      body = next;
      summary = undefined;
    },
    async read() {
      summary ??= readBody(body, now());
      return summary;
    },
  };
};
