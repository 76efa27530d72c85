// The parts of a Statuspage `summary.json` that we use. Only `id`, `name` and `status` can be relied on: pages of
// incident.io, which speak the same format, leave out most of the rest. https://metastatuspage.com/api
import * as z from 'zod';
import {
  lenientList,
  optionalIso,
  optionalLongText,
  optionalName,
  optionalText,
  optionalUrl,
  requiredId,
  requiredName,
} from '../vendor-text.ts';

const isTrue = z
  .boolean()
  .nullish()
  .catch(null)
  .transform((flag) => flag === true);

const itemFields = { id: requiredId, name: requiredName, status: requiredName };

const affectedSchema = z.object({ code: requiredId, name: requiredName });
const namedComponentSchema = z.object({ id: requiredId, name: requiredName, group: isTrue });

const updateSchema = z.object({
  body: optionalLongText,
  created_at: optionalIso,
  affected_components: lenientList(affectedSchema),
});

export const incidentSchema = z.object({
  ...itemFields,
  impact: optionalName,
  shortlink: optionalUrl,
  created_at: optionalIso,
  started_at: optionalIso,
  updated_at: optionalIso,
  resolved_at: optionalIso,
  scheduled_for: optionalIso,
  components: lenientList(namedComponentSchema),
  incident_updates: lenientList(updateSchema),
});

export const componentSchema = z.object({
  ...itemFields,
  updated_at: optionalIso,
  group: isTrue,
  group_id: optionalText.pipe(requiredId.nullable()),
});

export const summarySchema = z.object({
  page: z.object({ id: requiredId, name: optionalName, url: optionalUrl, updated_at: optionalIso }),
  status: z.object({ indicator: optionalText }).nullish().catch(null),
  components: z.array(z.unknown()),
  incidents: z.array(z.unknown()).nullish(),
  scheduled_maintenances: z.array(z.unknown()).nullish(),
});

export const historySchema = z.object({ incidents: z.array(z.unknown()) });

export type StatuspageIncident = z.infer<typeof incidentSchema>;
export type StatuspageComponent = z.infer<typeof componentSchema>;
