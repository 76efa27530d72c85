import * as z from 'zod';
import { createItemReader, withoutDuplicates } from '../read-items.ts';
import { isWorthListing } from '../recently-ended.ts';
import type { Incident, StatusPageDialect, Summary } from '../status-page.ts';
import { normalizeIncident, normalizeInstance, normalizeMaintenance, statusPageUrl } from './normalize.ts';
import { incidentSchema, instanceSchema, loneInstanceSchema, maintenanceSchema, productSchema } from './schema.ts';

const documentSchema = z.union([productSchema, loneInstanceSchema]);

const readSummary = ([document]: readonly unknown[], nowMs: number): Summary => {
  const parsed = documentSchema.parse(document);
  const isProduct = 'Instances' in parsed;
  const items = createItemReader();
  // One that is not active is out of service: neither well nor ill.
  const instances = items
    .read('Instances', isProduct ? parsed.Instances : [document], instanceSchema)
    .filter(({ fields }) => fields.isActive);

  /** An incident of many instances is listed by each, in copies whose age may differ: the worse one counts. */
  const read = <T>(
    list: 'Incidents' | 'Maintenances',
    schema: z.ZodType<T>,
    normalize: (fields: T, raw: unknown, instance: string, nowMs: number) => Incident,
  ): readonly Incident[] => {
    const copies = instances.flatMap(({ fields: { key, [list]: listed } }) =>
      items.read(`${key} ${list}`, listed ?? [], schema).map(({ fields, raw }) => normalize(fields, raw, key, nowMs)),
    );
    const byId = Map.groupBy(copies, ({ id }) => id);
    return withoutDuplicates(copies).map((incident) => ({
      ...incident,
      components: (byId.get(incident.id) ?? []).flatMap(({ components }) => components),
    }));
  };

  const incidents = [
    ...read('Incidents', incidentSchema, normalizeIncident),
    ...read('Maintenances', maintenanceSchema, normalizeMaintenance),
  ];
  return {
    dialect: 'salesforce',
    pageId: `${isProduct ? 'product' : 'instance'}:${parsed.key}`,
    pageName: isProduct ? parsed.name : parsed.key,
    url: statusPageUrl,
    updatedAt: null,
    contradictsItself: false,
    incidents: incidents.filter(isWorthListing(nowMs)),
    components: withoutDuplicates(instances.map(({ fields, raw }) => normalizeInstance(fields, raw))),
    malformed: items.malformed(),
  };
};

export const salesforce: StatusPageDialect = {
  name: 'salesforce',
  documents: ['/v1/products'],
  onlyByAddress: true,
  read: readSummary,
};
