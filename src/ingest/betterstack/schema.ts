// The parts of Better Stack's `/index.json` that we use, a JSON:API document.
// https://betterstack.com/docs/uptime/status-pages/subscribing-to-status-updates/subscribing-to-api
import * as z from 'zod';
import {
  idOrNumber,
  lenientList,
  optionalIso,
  optionalLongText,
  optionalName,
  requiredId,
  requiredName,
} from '../vendor-text.ts';

const optionalReference = idOrNumber.nullish().catch(null);

export const documentSchema = z.object({
  data: z.object({
    id: requiredId,
    type: z.literal('status_page'),
    attributes: z.object({
      company_name: optionalName,
      custom_domain: optionalName,
      subdomain: optionalName,
      aggregate_state: requiredName,
      updated_at: optionalIso,
    }),
  }),
  included: z.array(z.unknown()),
});

/** As much of an included resource as tells which kind it is. */
export const kindSchema = z.object({ type: z.string() });

export const sectionSchema = z.object({ id: requiredId, attributes: z.object({ name: optionalName }) });

export const resourceSchema = z.object({
  id: requiredId,
  attributes: z.object({
    public_name: requiredName,
    status: requiredName,
    status_page_section_id: optionalReference,
  }),
});

export const wellStates: ReadonlySet<string | null> = new Set(['operational', 'resolved']);

/** A maintenance has no phase of its own: its times tell. */
export const isCalledOver = (type: string | null, word: string | null): boolean =>
  type !== 'maintenance' && wellStates.has(word);

const affectedSchema = z.object({ status_page_resource_id: idOrNumber });
const affectedStatuses = lenientList(z.object({ status: requiredName })).transform((affected) =>
  affected.map(({ status }) => status),
);

export const reportSchema = z.object({
  id: requiredId,
  attributes: z.object({
    title: requiredName,
    report_type: optionalName,
    aggregate_state: requiredName,
    starts_at: optionalIso,
    ends_at: optionalIso,
    affected_resources: z.array(affectedSchema).catch([]).default([]),
  }),
});

/** As much of a report as tells whether it ended long ago. One that is called well often has no end. */
export const timesSchema = z
  .object({
    attributes: z.object({
      report_type: optionalName,
      aggregate_state: optionalName,
      starts_at: optionalIso,
      ends_at: optionalIso,
    }),
  })
  .transform(({ attributes: { report_type: type, aggregate_state: word, starts_at: begin, ends_at: end } }) => ({
    isOver: end !== null || isCalledOver(type, word),
    resolvedAt: end,
    startedAt: begin,
  }));

export const updateSchema = z.object({
  id: requiredId,
  attributes: z.object({
    message: optionalLongText,
    published_at: optionalIso,
    status_report_id: optionalReference,
    affected_resources: affectedStatuses,
  }),
});

export type Resource = z.infer<typeof resourceSchema>;
export type Report = z.infer<typeof reportSchema>;
export type Update = z.infer<typeof updateSchema>;
