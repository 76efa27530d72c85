import { createItemReader, withoutDuplicates } from '../read-items.ts';
import { isWorthListing, isWorthReading } from '../recently-ended.ts';
import { listsTrouble, type StatusPageDialect, type Summary } from '../status-page.ts';
import { normalizeReport, normalizeResource } from './normalize.ts';
import {
  documentSchema,
  kindSchema,
  reportSchema,
  resourceSchema,
  sectionSchema,
  timesSchema,
  type Update,
  updateSchema,
} from './schema.ts';

const calmStates: ReadonlySet<string> = new Set(['operational', 'resolved', 'maintenance']);

const urlOf = (customDomain: string | null, subdomain: string | null): string | null => {
  const host = customDomain ?? (subdomain === null ? null : `${subdomain}.betteruptime.com`);
  return host === null ? null : (URL.parse(`https://${host}`)?.href ?? null);
};

/** The updates of each report, the oldest first. */
const updatesByReport = (updates: readonly { readonly fields: Update }[]) => {
  const at = ({ published_at: time }: Update['attributes']): string => time ?? '';
  const sorted = updates.map(({ fields }) => fields.attributes).toSorted((a, b) => (at(a) < at(b) ? -1 : 1));
  return Map.groupBy(sorted, ({ status_report_id: report }) => report);
};

const readSummary = ([document]: readonly unknown[], nowMs: number): Summary => {
  const { data, included } = documentSchema.parse(document);
  const { attributes: page } = data;
  const items = createItemReader();
  const ofKind = (type: string) => included.filter((each) => kindSchema.safeParse(each).data?.type === type);

  const sections = items.read('sections', ofKind('status_page_section'), sectionSchema);
  const resources = items.read('resources', ofKind('status_page_resource'), resourceSchema);
  const reports = items.read(
    'reports',
    ofKind('status_report').filter(isWorthReading(nowMs, timesSchema)),
    reportSchema,
  );
  const updates = updatesByReport(items.read('updates', ofKind('status_update'), updateSchema));

  const sectionNames = new Map(sections.map(({ fields }) => [fields.id, fields.attributes.name]));
  const resourceNames = new Map(resources.map(({ fields }) => [fields.id, fields.attributes.public_name]));
  const components = withoutDuplicates(
    resources
      // Nobody looks at it, so that it is neither well nor ill: as if it were not listed.
      .filter(({ fields }) => fields.attributes.status !== 'not_monitored')
      .map(({ fields, raw }) => normalizeResource(fields, raw, sectionNames)),
  );
  const incidents = withoutDuplicates(
    reports
      .map(({ fields, raw }) =>
        normalizeReport(fields, raw, { nowMs, resourceNames, updates: updates.get(fields.id) ?? [] }),
      )
      .filter(isWorthListing(nowMs)),
  );
  return {
    dialect: 'betterstack',
    pageId: data.id,
    pageName: page.company_name,
    url: urlOf(page.custom_domain, page.subdomain),
    updatedAt: page.updated_at,
    contradictsItself: !calmStates.has(page.aggregate_state) && !listsTrouble({ incidents, components }),
    incidents,
    components,
    malformed: items.malformed(),
  };
};

export const betterstack: StatusPageDialect = {
  name: 'betterstack',
  documents: ['/index.json'],
  read: readSummary,
};
