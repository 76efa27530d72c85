import type { SummaryReader } from '../../ingest/polling/fetch.ts';
import { readByAny } from '../../ingest/polling/read-documents.ts';
import { dialects } from '../../ingest/registry.ts';
import type { Summary } from '../../ingest/status-page.ts';

export interface RecordedPage {
  /** From now on the status page answers this. */
  show(body: unknown): void;
  readonly read: SummaryReader;
}

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
      summary ??= readByAny(dialects, body, now());
      return summary;
    },
  };
};
