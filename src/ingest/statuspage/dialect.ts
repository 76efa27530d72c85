// Statuspage by Atlassian, and incident.io, which answers in the same form.
import { createItemReader, withoutDuplicates } from '../read-items.ts';
import type { Incident, StatusPageDialect, Summary } from '../status-page.ts';
import { normalizeComponent, normalizeIncident } from './normalize.ts';
import { componentSchema, historySchema, incidentSchema, summarySchema } from './schema.ts';

/** One that is at most minor may be so because of a component that is not listed. */
const calmIndicators: ReadonlySet<string> = new Set(['none', 'minor', 'maintenance']);

const readDocument = (document: unknown): Summary => {
  const { page, status, ...lists } = summarySchema.parse(document);
  const items = createItemReader();
  const components = items.read('components', lists.components, componentSchema);
  const incidents = items.read('incidents', lists.incidents ?? [], incidentSchema);
  const maintenances = items.read('scheduled_maintenances', lists.scheduled_maintenances ?? [], incidentSchema);

  const groups = components.filter(({ fields }) => fields.group);
  const groupNames = new Map(groups.map(({ fields }) => [fields.id, fields.name]));
  const groupIds = new Set(groupNames.keys());
  const all = [
    ...incidents.map(({ fields, raw }) => normalizeIncident(fields, raw, false, groupIds)),
    ...maintenances.map(({ fields, raw }) => normalizeIncident(fields, raw, true, groupIds)),
  ];
  const isSomethingWrong =
    components.some(({ fields }) => fields.status !== 'operational') ||
    all.some(({ isOver, isMaintenance }) => !isOver && !isMaintenance);
  return {
    dialect: 'statuspage',
    pageId: page.id,
    pageName: page.name,
    url: page.url,
    updatedAt: page.updated_at,
    contradictsItself: !calmIndicators.has(status?.indicator ?? 'none') && !isSomethingWrong,
    incidents: withoutDuplicates(all),
    components: withoutDuplicates(
      components
        .filter(({ fields }) => !fields.group)
        .map(({ fields, raw }) => normalizeComponent(fields, raw, groupNames)),
    ),
    malformed: items.malformed(),
  };
};

/** The same object is a document that has not changed since it was read last. */
const alreadyRead = new WeakMap<object, Summary>();

const readSummary = ([document]: readonly unknown[]): Summary => {
  if (typeof document !== 'object' || document === null) return readDocument(document);
  const summary = alreadyRead.get(document) ?? readDocument(document);
  alreadyRead.set(document, summary);
  return summary;
};

const readHistory = (document: unknown): readonly Incident[] => {
  const { incidents } = historySchema.parse(document);
  return createItemReader()
    .read('incidents', incidents, incidentSchema)
    .map(({ fields, raw }) => normalizeIncident(fields, raw, fields.impact === 'maintenance', new Set()));
};

export const statuspage: StatusPageDialect = {
  name: 'statuspage',
  documents: ['/api/v2/summary.json'],
  read: readSummary,
  history: { document: '/api/v2/incidents.json', read: readHistory },
};
