// Placeholder until the branch `rules` is merged, which owns this file.
import * as z from 'zod';

const text = z.string().optional();

export const factsSchema = z.strictObject({
  page: text,
  page_name: text,
  item: text,
  status: text,
  impact: text,
  component: text,
  group: text,
  components: z.array(z.string()).readonly().optional(),
  url: text,
  type: text,
  object: text,
  object_id: text,
  amount: z.number().optional(),
  currency: text,
  account: text,
  livemode: z.boolean().optional(),
  failure_code: text,
  decline_code: text,
  reason: text,
  built_in_severity: text,
});
export type Facts = Readonly<z.infer<typeof factsSchema>>;
