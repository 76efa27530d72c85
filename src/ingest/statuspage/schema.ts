// The parts of a Statuspage `summary.json` that we use. Only `id`, `name` and `status` can be relied on: pages of
// incident.io, which speak the same format, leave out most of the rest.
// https://metastatuspage.com/api and `vendor-samples` of real pages.
import * as z from 'zod';
import { readIso } from '../../lib/time.ts';

/** An optional text: whatever is not a text counts as missing. */
const optionalText = z
  .string()
  .min(1)
  .nullish()
  .catch(null)
  .transform((text) => text ?? null);

/** An optional time, as the unified event writes one: what cannot be read counts as missing. */
const optionalIso = optionalText.transform((text) => (text === null ? null : readIso(text)));

const itemFields = { id: z.string().min(1), name: z.string().min(1), status: z.string().min(1) };

export const incidentSchema = z.object({
  ...itemFields,
  impact: optionalText,
  created_at: optionalIso,
  started_at: optionalIso,
  updated_at: optionalIso,
  resolved_at: optionalIso,
  scheduled_for: optionalIso,
  incident_updates: z
    .array(z.object({ body: optionalText, created_at: optionalIso }).nullable().catch(null))
    .catch([])
    .default([])
    .transform((updates) => updates.filter((update) => update !== null)),
});

export const componentSchema = z.object({
  ...itemFields,
  updated_at: optionalIso,
  group: z
    .boolean()
    .nullish()
    .catch(null)
    .transform((group) => group === true),
});

export type Incident = z.infer<typeof incidentSchema>;
export type Component = z.infer<typeof componentSchema>;

export const summarySchema = z.object({
  page: z.object({ id: z.string().min(1), name: optionalText, updated_at: optionalIso }),
  components: z.array(z.unknown()),
  incidents: z.array(z.unknown()).nullish(),
  scheduled_maintenances: z.array(z.unknown()).nullish(),
});

/** An item that is well-formed, beside the vendor's object as it arrived. */
export interface Item<T> {
  readonly fields: T;
  readonly raw: unknown;
}

export interface Summary {
  readonly pageId: string;
  /** As the vendor calls it. */
  readonly pageName: string | null;
  readonly updatedAt: string | null;
  readonly incidents: readonly Item<Incident>[];
  readonly maintenances: readonly Item<Incident>[];
  /** Leaf components only: a group mirrors the worst of its children. */
  readonly components: readonly Item<Component>[];
  /** One line for each item that was skipped, naming it and what is wrong with it. */
  readonly malformed: readonly string[];
}

interface Reading<T> {
  readonly items: readonly Item<T>[];
  readonly malformed: readonly string[];
}

const readItems = <T extends { readonly id: string }>(
  list: string,
  raws: readonly unknown[],
  schema: z.ZodType<T>,
): Reading<T> => {
  const items = new Map<string, Item<T>>();
  const malformed: string[] = [];
  raws.forEach((raw, at) => {
    const result = schema.safeParse(raw);
    if (result.success) {
      // A page that lists an item twice says the same thing twice: the first one stands.
      if (!items.has(result.data.id)) items.set(result.data.id, { fields: result.data, raw });
      return;
    }
    const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'item'}: ${message}`);
    malformed.push(`${list}[${at}]: ${problems.join(', ')}`);
  });
  return { items: [...items.values()], malformed };
};

/**
 * Reads a summary. Items are read one by one, so that a malformed one costs only itself.
 * @throws {z.ZodError} when it is no summary at all: without `page.id`, or without a `components` array
 */
export const readSummary = (json: unknown): Summary => {
  const summary = summarySchema.parse(json);
  const incidents = readItems('incidents', summary.incidents ?? [], incidentSchema);
  const maintenances = readItems('scheduled_maintenances', summary.scheduled_maintenances ?? [], incidentSchema);
  const components = readItems('components', summary.components, componentSchema);
  return {
    pageId: summary.page.id,
    pageName: summary.page.name,
    updatedAt: summary.page.updated_at,
    incidents: incidents.items,
    maintenances: maintenances.items,
    components: components.items.filter(({ fields }) => !fields.group),
    malformed: [...incidents.malformed, ...maintenances.malformed, ...components.malformed],
  };
};

/** How many well-formed incidents, scheduled maintenances and leaf components a page lists. */
export const countItems = ({ incidents, maintenances, components }: Summary): number =>
  incidents.length + maintenances.length + components.length;
