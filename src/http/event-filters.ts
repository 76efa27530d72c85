// The filters of `GET /events` and `GET /live`, one and the same.
import * as z from 'zod';
import { kinds, severities, sourceSchema } from '../domain/event.ts';
import { since, until } from './query.ts';

export const eventFilters = z.strictObject({
  source: sourceSchema.optional(),
  kind: z.enum(kinds).optional(),
  severity: z.enum(severities).optional(),
  service: z.string().min(1).optional(),
  state: z.enum(['open', 'resolved']).optional(),
  routed: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  since,
  until,
});
