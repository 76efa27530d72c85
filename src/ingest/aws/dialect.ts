import { createItemReader, withoutDuplicates } from '../read-items.ts';
import { isWorthListing, isWorthReading } from '../recently-ended.ts';
import type { Place, StatusPageDialect, Summary } from '../status-page.ts';
import { normalizeEvent } from './normalize.ts';
import { documentSchema, eventSchema, nonEmptySchema, timesSchema } from './schema.ts';

/** Whether AWS itself answered, whose list is empty on most days. */
const isAws = (root: string | null): boolean => root !== null && new URL(root).hostname.endsWith('.amazon.com');

const readSummary = ([document]: readonly unknown[], nowMs: number, place: Place = { root: null }): Summary => {
  const listed = (place.root === null ? nonEmptySchema : documentSchema).parse(document);
  const items = createItemReader();
  const incidents = items
    .read('events', listed.filter(isWorthReading(nowMs, timesSchema)), eventSchema)
    .map(({ fields, raw }) => normalizeEvent(fields, raw, nowMs))
    .filter(isWorthListing(nowMs));
  return {
    dialect: 'aws',
    // The document does not say whose it is, and no other customer's status page is served by AWS's hosts.
    pageId: 'aws',
    ...(listed.length === 0 && !isAws(place.root) && { isOfAnybody: true }),
    pageName: 'AWS',
    url: 'https://health.aws.amazon.com/health/status',
    updatedAt: null,
    contradictsItself: false,
    incidents: withoutDuplicates(incidents),
    // It lists what is wrong, and nothing of what is well.
    components: [],
    malformed: items.malformed(),
  };
};

export const aws: StatusPageDialect = {
  name: 'aws',
  documents: ['/public/currentevents'],
  read: readSummary,
};
