import { shortId } from '../../lib/text.ts';
import { createItemReader, withoutDuplicates } from '../read-items.ts';
import { listsTrouble, type StatusPageDialect, type Summary } from '../status-page.ts';
import { normalizeComponent, normalizeIncident, normalizeMaintenance } from './normalize.ts';
import { componentSchema, documentSchema, incidentSchema, maintenanceSchema } from './schema.ts';

const calmStates: ReadonlySet<string> = new Set(['UP', 'UNDERMAINTENANCE']);

/** Both documents as one: the second has no more of the first's keys than `page`, which says the same. */
const readSummary = (documents: readonly unknown[]): Summary => {
  const { page, ...lists } = documentSchema.parse(Object.assign({}, ...documents.toReversed()));
  const items = createItemReader();
  const incidents = withoutDuplicates([
    ...items
      .read('activeIncidents', lists.activeIncidents ?? [], incidentSchema)
      .map(({ fields, raw }) => normalizeIncident(fields, raw)),
    ...items
      .read('activeMaintenances', lists.activeMaintenances ?? [], maintenanceSchema)
      .map(({ fields, raw }) => normalizeMaintenance(fields, raw)),
  ]);
  const components = withoutDuplicates(
    items
      .read('components', lists.components, componentSchema)
      .filter(({ fields }) => !fields.isParent)
      .map(({ fields, raw }) => normalizeComponent(fields, raw)),
  );
  return {
    dialect: 'instatus',
    pageId: shortId(page.url),
    pageName: page.name,
    url: page.url,
    updatedAt: null,
    contradictsItself: !calmStates.has(page.status) && !listsTrouble({ incidents, components }),
    incidents,
    components,
    malformed: items.malformed(),
  };
};

export const instatus: StatusPageDialect = {
  name: 'instatus',
  documents: ['/summary.json', '/v3/components.json'],
  read: readSummary,
};
