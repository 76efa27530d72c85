import { createItemReader, type ItemReader, withoutDuplicates } from '../read-items.ts';
import { type Component, listsTrouble, type StatusPageDialect, type Summary } from '../status-page.ts';
import { isSerious } from './codes.ts';
import { normalizeComponent, normalizeIncident, normalizeMaintenance } from './normalize.ts';
import { componentSchema, containerSchema, documentSchema, idSchema, incidentSchema } from './schema.ts';

const readComponents = (items: ItemReader, list: readonly unknown[]): readonly Component[] =>
  withoutDuplicates(
    items.read('status', list, componentSchema).flatMap(({ fields, raw }) => {
      const containers = fields.containers ?? [];
      if (containers.length === 0) return [normalizeComponent(fields, null, raw)];
      return items
        .read(`status ${fields.id} containers`, containers, containerSchema)
        .map((container) => normalizeComponent(fields, container.fields, raw));
    }),
  );

/** The document does not say whose it is. Ids grow with time: the oldest component's stays when others come and go. */
const pageIdOf = (list: readonly unknown[]): string =>
  list.flatMap((item) => idSchema.safeParse(item).data?.id ?? []).reduce((a, b) => (b < a ? b : a));

const readSummary = ([document]: readonly unknown[]): Summary => {
  const { status_overall: overall, status, incidents: open, maintenance } = documentSchema.parse(document).result;
  const items = createItemReader();
  const components = readComponents(items, status);
  const incidents = withoutDuplicates([
    ...items
      .read('incidents', open, incidentSchema)
      .map(({ fields, raw }) => normalizeIncident(fields, raw, components)),
    ...items
      .read('maintenance.active', maintenance.active, incidentSchema)
      .map(({ fields, raw }) => normalizeMaintenance(fields, raw, components, true)),
    ...items
      .read('maintenance.upcoming', maintenance.upcoming, incidentSchema)
      .map(({ fields, raw }) => normalizeMaintenance(fields, raw, components, false)),
  ]);
  return {
    dialect: 'statusio',
    pageId: pageIdOf(status),
    pageName: null,
    url: null,
    updatedAt: overall.updated,
    contradictsItself: isSerious(overall.status_code) && !listsTrouble({ incidents, components }),
    incidents,
    components,
    malformed: items.malformed(),
  };
};

export const statusio: StatusPageDialect = {
  name: 'statusio',
  documents: ['/1.0/status'],
  onlyByAddress: true,
  read: readSummary,
};
