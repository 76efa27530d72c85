import * as z from 'zod';
import { createItemReader, withoutDuplicates } from '../read-items.ts';
import { isWorthListing } from '../recently-ended.ts';
import type { Incident, StatusPageDialect, Summary } from '../status-page.ts';
import { normalizeIncident, normalizeInstance, normalizeMaintenance, statusPageUrl } from './normalize.ts';
import { incidentSchema, instanceSchema, loneInstanceSchema, maintenanceSchema, productSchema } from './schema.ts';

const documentSchema = z.union([productSchema, loneInstanceSchema]);

interface Listed {
  readonly instance: string;
  readonly item: unknown;
}

const idSchema = z.object({ id: z.union([z.string(), z.number()]) });

/** Each item once, with all instances that list it: one incident concerns many. */
const onceEach = (listed: readonly Listed[]): readonly { readonly item: unknown; readonly instances: string[] }[] => {
  const byId = new Map<unknown, { readonly item: unknown; readonly instances: string[] }>();
  for (const { instance, item } of listed) {
    const id = idSchema.safeParse(item).data?.id ?? item;
    const known = byId.get(id);
    if (known) known.instances.push(instance);
    else byId.set(id, { item, instances: [instance] });
  }
  return [...byId.values()];
};

const readSummary = ([document]: readonly unknown[], nowMs: number): Summary => {
  const parsed = documentSchema.parse(document);
  const isProduct = 'Instances' in parsed;
  const items = createItemReader();
  // One that is not active is out of service: neither well nor ill.
  const instances = items
    .read('Instances', isProduct ? parsed.Instances : [document], instanceSchema)
    .filter(({ fields }) => fields.isActive);

  const read = <T>(
    list: 'Incidents' | 'Maintenances',
    schema: z.ZodType<T>,
    normalize: (fields: T, raw: unknown, instances: readonly string[], nowMs: number) => Incident,
  ): readonly Incident[] => {
    const listed = instances.flatMap(({ fields }) =>
      (fields[list] ?? []).map((item) => ({ instance: fields.key, item })),
    );
    return onceEach(listed).flatMap((each) =>
      items.read(list, [each.item], schema).map(({ fields, raw }) => normalize(fields, raw, each.instances, nowMs)),
    );
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
    incidents: withoutDuplicates(incidents.filter(isWorthListing(nowMs))),
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
