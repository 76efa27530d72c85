// The rules file as it is written: strict, and without transformations, so that its JSON Schema is the same thing.
// What one part says of another is checked in references.ts.
import * as z from 'zod';
import { severities } from '../event.ts';
import { factsSchema } from '../facts.ts';
import { parseAmount } from './amounts.ts';
import { destinationName, destinationSchema, httpUrl, length } from './destination-schema.ts';
import { parseTextPattern } from './match.ts';
import { nearest } from './nearest.ts';
import { parsed, unreadable } from './parsed.ts';
import { readable, strict, words } from './strict.ts';
import { whenSchema } from './when.ts';
import { days, endTimePattern, isTimeZone, parseMoment, wallTimePattern } from './windows.ts';

const statusPageName = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const timeZone = readable((name) => {
  if (isTimeZone(name)) return parsed(name);
  const meant = nearest(name, Intl.supportedValuesOf('timeZone')) ?? 'Europe/Berlin or UTC';
  return unreadable(`there is no such time zone; expected one such as ${meant}`);
});
/** Which zone a time without an offset is in does not change whether it can be read. */
const moment = () => readable((text) => parseMoment(text, 'UTC'));

const isPreset = (text: string) => text === 'preset';
const pageAddress = readable((text) => (isPreset(text) ? parsed(text) : httpUrl(text))).describe(
  "the status page's root or its summary, or `preset` for one that we know",
);

const ownName = readable((text) =>
  text.trim().startsWith('!') ? unreadable('uses lists what you use; nothing is negated here') : parseTextPattern(text),
);
const useSchema = z.union([
  ownName,
  strict('key', { group: ownName.optional(), component: ownName.optional() }).refine(
    ({ group, component }) => group !== undefined || component !== undefined,
    'expected a group, a component, or both',
  ),
]);
const unattributed = ['keep', 'ignore', 'ignore_all'] as const;
const componentSeverities = ['own', 'incident'] as const;

export const statusPageSchema = z.union([
  pageAddress,
  strict('key', {
    url: pageAddress.optional(),
    uses: z.array(useSchema).min(1, 'the list is empty; leave it out to use everything').optional(),
    unattributed: words(unattributed).optional(),
    component_severity: words(componentSeverities).optional(),
    payments: z.boolean().optional().describe('whether payments fail when this vendor is down'),
  }),
]);

export const windowSchema = strict('key', {
  days: z.array(words(days)).min(1, 'the list is empty').optional().describe('the days on which the window begins'),
  from: z.string().regex(wallTimePattern, 'expected a time such as "22:00"').optional(),
  to: z.string().regex(endTimePattern, 'expected a time such as "07:00"').optional(),
})
  .refine(({ from, to }) => (from === undefined) === (to === undefined), 'a window has both from and to, or neither')
  .refine(
    ({ from, to }) => from === undefined || from !== to,
    'the window ends when it begins; leave from and to out for the whole day',
  )
  .refine(({ days: named, from }) => named !== undefined || from !== undefined, 'expected days, from and to, or both');

const severityRowSchema = strict('key', { when: whenSchema.optional(), is: words(severities) });

const named = (what: string) =>
  z
    .string({
      error: ({ code, input }) =>
        code === 'invalid_type' && input === undefined ? `every ${what} needs a name` : undefined,
    })
    .min(1, 'the name is empty')
    .max(200);

const destinationList = z.array(z.string());

export const routeSchema = strict('key', {
  name: named('route'),
  when: whenSchema.optional().describe('absent: everything'),
  send: destinationList.describe('names of destinations; an empty list keeps and does not tell'),
  hold: length().optional().describe('what is over before that is never sent'),
  at_end_of_window: destinationList.min(1, 'the list is empty').optional(),
  resolve_after: length().optional(),
});

const needsCondition = (when: object) => Object.keys(when).length > 0;
/** A silence without a condition would silence everything. */
const silenceWhen = whenSchema.refine(needsCondition, {
  error: 'a silence needs a condition',
  // A condition that was misspelt is told already.
  when: ({ issues }) => issues.length === 0,
});
const person = z.string().min(1).max(200);
const explanation = z.string().min(1).max(2000);

export const silenceSchema = strict('key', {
  when: silenceWhen,
  from: moment(),
  until: readable((text) => {
    if (text === 'resolved') return unreadable('a silence of the file ends at a time or after a length');
    return length().safeParse(text).success ? parsed(text) : parseMoment(text, 'UTC');
  }),
  by: person.optional(),
  because: explanation,
});

/** The body of `POST /silences`. */
export const silenceRequestSchema = strict('key', {
  when: silenceWhen,
  from: moment().optional().describe('default: now'),
  until: readable((text) =>
    text === 'resolved' || length().safeParse(text).success ? parsed(text) : parseMoment(text, 'UTC'),
  ).describe('a time, a length such as `2h`, or `resolved`'),
  by: person.optional(),
  because: explanation,
});

const { amount: _, ...factsButAmount } = factsSchema.shape;
export const testSchema = strict('key', {
  name: named('test'),
  given: strict('fact', {
    ...factsButAmount,
    amount: readable(parseAmount).optional().describe('with its currency: 12000 EUR'),
    source: z.string().optional(),
    kind: words(['incident', 'status', 'payment']).optional(),
    severity: words(severities).optional().describe('the built-in severity, where it does not follow from the facts'),
    service: z.string().optional(),
    summary: z.string().optional(),
    at: moment().optional().describe('absent: outside every window and with no silence'),
  }),
  expect: strict('key', {
    severity: words(severities).optional(),
    sent: destinationList.optional().describe('who is told at once'),
    held: z.union([z.boolean(), length(), destinationList]).optional().describe('the hold, or who is told after it'),
    at_end_of_window: destinationList.optional(),
    silenced: z.boolean().optional(),
    route: z.string().nullable().optional().describe('the name of the route; null for none'),
    because: z.string().optional().describe('words of the reason'),
  }).refine((expected) => Object.keys(expected).length > 0, {
    error: 'expected at least one expectation',
    when: ({ issues }) => issues.length === 0,
  }),
});

const share = z.union([
  z.number().gt(0).lt(1, 'expected a share below 1, such as 0.2, or "20%"'),
  readable((text) =>
    /^(?!0+(\.0+)?%)\d{1,2}(\.\d+)?%$/.test(text) ? parsed(text) : unreadable('expected a share such as "20%"'),
  ),
]);
const rateBy = ['currency', 'account'] as const;
export const rateSchema = strict('key', {
  name: named('rate'),
  when: whenSchema.optional().describe('which payments are counted; absent: all'),
  over: length().describe('the length of time that is looked at'),
  above: share.describe('the share that failed'),
  at_least: z.int().min(1).describe('with fewer payments than that, nothing is said'),
  by: words(rateBy).optional(),
  is: words(severities),
});

const record = <S extends z.ZodType>(what: string, name: RegExp, schema: S) =>
  z.record(z.string().regex(name, `${what} is named by letters, digits, "-" and "_", 64 at most`), schema);

const fileShape = {
  version: z.literal(1, 'expected version: 1'),
  timezone: timeZone.optional().describe('default: UTC'),
  status_pages: record('a status page (lower case)', statusPageName, statusPageSchema).optional(),
  destinations: record('a destination', destinationName, destinationSchema).optional(),
  windows: record('a window', destinationName, windowSchema).optional(),
  severity: z.array(severityRowSchema).optional(),
  fold: words(['outage', 'none']).optional(),
  routes: z.array(routeSchema).optional(),
  silences: z.array(silenceSchema).optional(),
  max_silence: length().optional().describe('default: 7d'),
  rates: z.array(rateSchema).optional(),
  heartbeat: strict('key', { url: readable(httpUrl), every: length().optional() }).optional(),
  tests: z.array(testSchema).optional(),
};

export const rulesFileSchema = strict('key', fileShape);

export type RulesFile = Readonly<z.infer<typeof rulesFileSchema>>;
export type RouteSettings = Readonly<z.infer<typeof routeSchema>>;
export type StatusPageSettings = Readonly<z.infer<typeof statusPageSchema>>;
export type SilenceSettings = Readonly<z.infer<typeof silenceSchema>>;
export type RateSettings = Readonly<z.infer<typeof rateSchema>>;
export type RulesTest = Readonly<z.infer<typeof testSchema>>;
