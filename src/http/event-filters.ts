// The filters of `GET /events` and `GET /live`, one and the same.
import * as z from 'zod';
import { kinds, severities, sourceSchema } from '../event.ts';
import { readInstant } from '../time.ts';

const moment = z.string().transform((text, context) => {
  // In a query, a "+" that was not encoded has become a space.
  const at = readInstant(text.replace(' ', '+')) ?? readInstant(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom', message: 'expected an ISO-8601 time such as 2026-01-31T12:00:00Z' });
  return z.NEVER;
});

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
  since: moment.optional(),
  until: moment.optional(),
});
