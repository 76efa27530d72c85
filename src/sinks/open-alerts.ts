import type { Alert } from '../domain/alert.ts';
import type { EventStore } from '../stores/event-store.ts';

const pageSize = 100;
const maxPages = 50;

/** The open alerts, newest first, 5000 at most; a page of them is read when the one before it is used up. */
export async function* openAlerts(store: Pick<EventStore, 'listAlerts'>): AsyncGenerator<Alert, void> {
  let page = await store.listAlerts({ state: 'open', limit: pageSize });
  for (let pages = 1; ; pages++) {
    yield* page.alerts;
    if (page.next === null || pages === maxPages) return;
    page = await store.listAlerts({ state: 'open', limit: pageSize, before: page.next });
  }
}
