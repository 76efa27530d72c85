import { createItemReader, withoutDuplicates } from '../read-items.ts';
import { isWorthListing, isWorthReading } from '../recently-ended.ts';
import type { Place, StatusPageDialect, Summary } from '../status-page.ts';
import { normalizeIncident } from './normalize.ts';
import { documentSchema, incidentSchema, modifiedSchema, timesSchema } from './schema.ts';

/** How old a copy of the document is: what changed last is in every newer one, for the history is listed too. */
const newestChange = (listed: readonly unknown[]): string | null =>
  listed
    .map((item) => modifiedSchema.safeParse(item).data ?? null)
    .reduce((a, b) => ((b ?? '') > (a ?? '') ? b : a), null);

const readSummary = ([document]: readonly unknown[], nowMs: number, place: Place = { root: null }): Summary => {
  const listed = documentSchema.parse(document);
  const items = createItemReader();
  const incidents = items
    .read('incidents', listed.filter(isWorthReading(nowMs, timesSchema)), incidentSchema)
    .map(({ fields, raw }) => normalizeIncident(fields, raw, nowMs, place))
    .filter(isWorthListing(nowMs));
  return {
    dialect: 'google',
    // The document does not say whose it is, and no other customer's status page is served by Google's hosts.
    pageId: 'google',
    pageName: null,
    url: place.root,
    updatedAt: newestChange(listed),
    contradictsItself: false,
    incidents: withoutDuplicates(incidents),
    // It lists what is wrong, and nothing of what is well.
    components: [],
    malformed: items.malformed(),
  };
};

export const google: StatusPageDialect = {
  name: 'google',
  documents: ['/incidents.json'],
  read: readSummary,
};
