// The parts of Google's `incidents.json` that we use: Google Cloud's, and those of Workspace and Firebase, which are of
// one form. https://status.cloud.google.com/incidents.schema.json
import * as z from 'zod';
import {
  lenientList,
  optionalEnd,
  optionalIso,
  optionalLongText,
  optionalName,
  requiredId,
  requiredName,
} from '../vendor-text.ts';

const latestUpdate = z
  .object({ status: optionalName, text: optionalLongText, when: optionalIso })
  .nullish()
  .catch(null)
  .transform((update) => update ?? { status: null, text: null, when: null });

export const incidentSchema = z.object({
  id: requiredId,
  begin: optionalIso,
  end: optionalEnd,
  modified: optionalIso,
  external_desc: optionalLongText,
  status_impact: optionalName,
  severity: optionalName,
  uri: optionalName,
  service_key: optionalName,
  service_name: optionalName,
  affected_products: lenientList(z.object({ id: requiredId, title: requiredName })),
  currently_affected_locations: lenientList(z.object({ id: requiredId })),
  most_recent_update: latestUpdate,
});

/** As much of an incident as tells whether it ended long ago. */
export const timesSchema = z
  .object({ begin: optionalIso, end: optionalIso })
  .transform(({ begin, end }) => ({ isOver: end !== null, resolvedAt: end, startedAt: begin }));

/** As much of an incident as tells when it changed last. */
export const modifiedSchema = z.object({ modified: optionalIso }).transform(({ modified }) => modified);

const wholeIncident = z.object({
  id: z.string(),
  begin: z.string(),
  external_desc: z.string(),
  status_impact: z.string(),
});

/** It always lists years of history, so that an empty list is a fault, and no sign that all is well. */
export const documentSchema = z
  .array(z.unknown())
  .refine((items) => items.some((item) => wholeIncident.safeParse(item).success), {
    message: 'expected incidents with id, begin, external_desc and status_impact',
  });

export type GoogleIncident = z.infer<typeof incidentSchema>;
