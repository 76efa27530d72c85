// The parts of Status.io's public status API that we use. It lists what is under way and what is planned, and nothing of
// its past. https://kb.status.io/developers/public-status-api
import * as z from 'zod';
import { lenientList, optionalIso, optionalLongText, requiredId, requiredName } from '../vendor-text.ts';

const optionalCode = z.number().nullish().catch(null);

const messageSchema = z.object({
  details: optionalLongText,
  /** The phase. */
  state: optionalCode,
  /** How bad it is. */
  status: optionalCode,
  datetime: optionalIso,
});

const namedSchema = z.object({ _id: requiredId, name: requiredName });

export const incidentSchema = z.object({
  _id: requiredId,
  name: requiredName,
  datetime_open: optionalIso,
  datetime_planned_start: optionalIso,
  messages: lenientList(messageSchema),
  components_affected: lenientList(namedSchema),
  containers_affected: lenientList(namedSchema),
});

/** A place where a component runs, such as a region. */
export const containerSchema = z.object({
  id: requiredId,
  name: requiredName,
  status_code: z.number(),
  updated: optionalIso,
});

export const componentSchema = containerSchema.extend({ containers: z.array(z.unknown()).nullish() });

/** As much of a component as its id. */
export const idSchema = z.object({ id: requiredId });

export const documentSchema = z.object({
  result: z.object({
    status_overall: z.object({ status_code: z.number(), updated: optionalIso }),
    status: z.array(z.unknown()).refine((items) => items.some((item) => idSchema.safeParse(item).success), {
      message: 'expected components with an id',
    }),
    incidents: z.array(z.unknown()),
    maintenance: z.object({ active: z.array(z.unknown()), upcoming: z.array(z.unknown()) }),
  }),
});

export type StatusioIncident = z.infer<typeof incidentSchema>;
export type StatusioComponent = z.infer<typeof componentSchema>;
export type StatusioContainer = z.infer<typeof containerSchema>;
