// The parts of Instatus's public documents that we use: `/summary.json` has the status page with what is under way,
// `/v3/components.json` the components. The summary does not say which components an incident concerns.
// https://instatus.com/help/api
import * as z from 'zod';
import { optionalIso, optionalName, optionalUrl, requiredId, requiredName } from '../vendor-text.ts';

export const incidentSchema = z.object({
  id: requiredId,
  name: requiredName,
  status: requiredName,
  impact: optionalName,
  started: optionalIso,
  updatedAt: optionalIso,
  url: optionalUrl,
});

export const maintenanceSchema = z.object({
  id: requiredId,
  name: requiredName,
  status: requiredName,
  start: optionalIso,
  updatedAt: optionalIso,
  url: optionalUrl,
});

const optionalGroup = z.object({ id: requiredId, name: optionalName }).nullish().catch(null);

export const componentSchema = z.object({
  id: requiredId,
  name: requiredName,
  status: requiredName,
  group: optionalGroup,
  isParent: z
    .boolean()
    .nullish()
    .catch(null)
    .transform((flag) => flag === true),
});

export const documentSchema = z.object({
  /** It has no id: its address tells it from another customer's. */
  page: z.object({ name: optionalName, url: z.url(), status: requiredName }),
  components: z.array(z.unknown()),
  activeIncidents: z.array(z.unknown()).nullish(),
  activeMaintenances: z.array(z.unknown()).nullish(),
});

export type InstatusIncident = z.infer<typeof incidentSchema>;
export type InstatusMaintenance = z.infer<typeof maintenanceSchema>;
export type InstatusComponent = z.infer<typeof componentSchema>;
