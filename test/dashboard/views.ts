import type { EventView } from '../../src/dashboard/types.ts';
import { viewEvent } from '../../src/http/event-view.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import { aRecord } from '../support/builders.ts';

/** An event as the page gets it. */
export const aView = (
  event: Parameters<typeof aRecord>[0] = {},
  record: Partial<Omit<EventRecord, 'event'>> = {},
): EventView => viewEvent(aRecord(event, record));
