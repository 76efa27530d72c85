// `tests`: what is given, and what is expected.
import * as z from 'zod';
import { kinds, severities } from '../event.ts';
import { factsSchema } from '../facts.ts';
import { parseAmount } from './amounts.ts';
import { destinationList, length, moment, named } from './fields.ts';
import { readable, strict, words } from './strict.ts';

const { amount: _, ...factsButAmount } = factsSchema.shape;
export const testSchema = strict('key', {
  name: named('test'),
  given: strict('fact', {
    ...factsButAmount,
    amount: readable(parseAmount).optional().describe('with its currency: 12000 EUR'),
    source: z.string().optional(),
    kind: words(kinds).optional(),
    severity: words(severities).optional().describe('the built-in severity, where it does not follow from the facts'),
    service: z.string().optional(),
    summary: z.string().optional(),
    at: moment().optional().describe('absent: outside every window and with no silence'),
  }),
  expect: strict('key', {
    severity: words(severities).optional(),
    sent: destinationList.optional().describe('the destinations that are told at once'),
    held: z
      .union([z.boolean(), length(), destinationList])
      .optional()
      .describe('the hold, or the destinations that are told after it'),
    at_end_of_window: destinationList.optional(),
    silenced: z.boolean().optional(),
    route: z.string().nullable().optional().describe('the name of the route; null for none'),
    because: z.string().optional().describe('words of the reason'),
  }).refine((expected) => Object.keys(expected).length > 0, {
    error: 'expected at least one expectation',
    when: ({ issues }) => issues.length === 0,
  }),
});

export type RulesTest = Readonly<z.infer<typeof testSchema>>;
