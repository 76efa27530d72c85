// What the log says of a status page.
import type { Log } from '../../lib/log.ts';
import type { Summary } from '../status-page.ts';
import type { PageState } from './page-state.ts';

export interface PageLog {
  failed(error: string, requestId: string): void;
  stale(before: PageState, summary: Summary, requestId: string): void;
  /** Something was believed in the end that had looked wrong. */
  adopted(what: 'other_page' | 'older_copy', before: PageState, summary: Summary, requestId: string): void;
  /** A line for each of the first malformed items, and one for all others. */
  oddities(summary: Summary, requestId: string): void;
  changed(before: PageState, after: PageState, requestId: string): void;
}

export const createPageLog = (page: string, log: Log): PageLog => ({
  failed(error, requestId) {
    log.warn({ request_id: requestId, page, error }, 'page.fetch_failed');
  },
  stale({ newest_updated_at: newest }, { updatedAt }, requestId) {
    log.warn({ request_id: requestId, page, updated_at: updatedAt, newest }, 'page.stale');
  },
  adopted(what, before, summary, requestId) {
    const line = { request_id: requestId, page };
    if (what === 'other_page') log.warn({ ...line, from: before.page_id, to: summary.pageId }, 'page.id_adopted');
    else log.warn({ ...line, from: before.newest_updated_at, to: summary.updatedAt }, 'page.older_copy_adopted');
  },
  oddities({ malformed: { count, named } }, requestId) {
    for (const item of named) log.warn({ request_id: requestId, page, item }, 'page.item_skipped');
    if (count > named.length)
      log.warn({ request_id: requestId, page, more: count - named.length }, 'page.items_skipped');
  },
  changed(before, after, requestId) {
    if (before.condition === after.condition) return;
    const { condition, last_error: error, failing_since } = after;
    const line = { request_id: requestId, page, from: before.condition, to: condition, error, failing_since };
    if (condition === 'good') log.info(line, 'page.changed');
    else log.warn(line, 'page.changed');
  },
});
