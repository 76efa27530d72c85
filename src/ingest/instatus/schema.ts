// The parts of Instatus's public documents that we use: `/summary.json` has the status page with what is under way,
// `/v3/components.json` the components. The summary does not say which components an incident concerns.
// https://instatus.com/help/api
import * as z from 'zod';
import { optionalName, optionalText, optionalUrl, requiredId, requiredName } from '../vendor-text.ts';
import { readTime } from './read-time.ts';

const optionalTime = optionalText.transform((text) => (text === null ? null : readTime(text)));

const itemFields = {
  /** Its help shows none: then the last part of the item's address is it. */
  id: z.string().nullish(),
  name: requiredName,
  status: requiredName,
  updatedAt: optionalTime,
  url: optionalUrl,
};

const withId = <T extends { readonly id?: string | null | undefined; readonly url: string | null }>(
  item: T,
  context: z.RefinementCtx,
) => {
  const inAddress = /\/(?:incident|maintenance)\/([^/?#]+)/.exec(item.url ?? '')?.[1];
  const { data: id } = requiredId.safeParse(item.id ?? inAddress);
  if (id !== undefined) return { ...item, id };
  context.addIssue({ code: 'custom', message: 'expected an id', path: ['id'] });
  return z.NEVER;
};

export const incidentSchema = z
  .object({ ...itemFields, impact: optionalName, started: optionalTime })
  .transform(withId);

export const maintenanceSchema = z.object({ ...itemFields, start: optionalTime }).transform(withId);

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
