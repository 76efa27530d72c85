// The parts of Salesforce's Trust Status API that we use: a product with its instances (`/v1/products/KEY`), or one
// instance (`/v1/instances/KEY/status`). https://api.status.salesforce.com/v1/docs
import * as z from 'zod';
import {
  idOrNumber,
  lenientList,
  optionalEnd,
  optionalIso,
  optionalLongText,
  optionalName,
  requiredId,
  requiredName,
} from '../vendor-text.ts';

/** Strict about its end: one that cannot be read makes the incident neither open nor over. */
const impactSchema = z.object({
  type: optionalName,
  severity: optionalName,
  startTime: optionalIso,
  endTime: optionalEnd,
  updatedAt: optionalIso,
});

const eventSchema = z.object({ message: optionalLongText, createdAt: optionalIso });

export const incidentSchema = z.object({
  id: idOrNumber,
  status: optionalName,
  type: optionalName,
  createdAt: optionalIso,
  updatedAt: optionalIso,
  serviceKeys: lenientList(requiredName),
  IncidentImpacts: z
    .array(impactSchema)
    .nullish()
    .transform((impacts) => impacts ?? []),
  IncidentEvents: lenientList(eventSchema),
});

export const maintenanceSchema = z.object({
  id: idOrNumber,
  name: requiredName,
  plannedStartTime: optionalIso,
  plannedEndTime: optionalEnd,
  updatedAt: optionalIso,
  additionalInformation: optionalLongText,
});

export const instanceSchema = z.object({
  key: requiredId,
  status: requiredName,
  location: optionalName,
  isActive: z.boolean(),
  Incidents: z.array(z.unknown()).nullish(),
  Maintenances: z.array(z.unknown()).nullish(),
});

export const productSchema = z.object({
  key: requiredId,
  name: optionalName,
  Instances: z.array(z.unknown()).refine((items) => items.some((item) => instanceSchema.safeParse(item).success), {
    message: 'expected instances with key, status and isActive',
  }),
});

/** An instance by itself: other documents have a key and a status too. */
export const loneInstanceSchema = instanceSchema.extend({ Incidents: z.array(z.unknown()) });

export type SalesforceIncident = z.infer<typeof incidentSchema>;
export type SalesforceMaintenance = z.infer<typeof maintenanceSchema>;
export type SalesforceInstance = z.infer<typeof instanceSchema>;
