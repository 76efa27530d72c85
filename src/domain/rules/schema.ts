// The rules file as it is written: strict, and without transformations, so that its JSON Schema is the same thing.
// What one part says of another is checked in references.ts.
import * as z from 'zod';
import { severities } from '../event.ts';
import { statusPageName } from '../status-page-name.ts';
import { destinationSchema } from './destination-schema.ts';
import { destinationList, fileableUrl, length, named } from './fields.ts';
import { nearest } from './nearest.ts';
import { parsed, unreadable } from './parsed.ts';
import { silenceSchema } from './silence-schema.ts';
import { statusPageSchema } from './status-page-schema.ts';
import { readable, strict, words } from './strict.ts';
import { testSchema } from './test-schema.ts';
import { whenSchema } from './when-schema.ts';
import { days, endTimePattern, isTimeZone, wallTimePattern } from './windows.ts';

const timeZone = readable((name) => {
  if (isTimeZone(name)) return parsed(name);
  const meant = nearest(name, Intl.supportedValuesOf('timeZone')) ?? 'Europe/Berlin or UTC';
  return unreadable(`there is no such time zone; expected one such as ${meant}`);
});
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

const routeSchema = strict('key', {
  name: named('route'),
  when: whenSchema.optional().describe('absent: everything'),
  send: destinationList.describe('names of destinations; an empty list keeps and does not tell'),
  hold: length().optional().describe('an outage that ends earlier is never sent'),
  at_end_of_window: destinationList.min(1, 'the list is empty').optional(),
  resolve_after: length().optional(),
});

const share = z.union([
  z.number().gt(0).lt(1, 'expected a share below 1, such as 0.2, or "20%"'),
  readable((text) =>
    /^(?!0+(\.0+)?%)\d{1,2}(\.\d+)?%$/.test(text) ? parsed(text) : unreadable('expected a share such as "20%"'),
  ),
]);
const rateBy = ['currency', 'account'] as const;
const rateSchema = strict('key', {
  name: named('rate'),
  when: whenSchema.optional().describe('which payments are counted; absent: all'),
  over: length().describe('the length of time that is looked at'),
  above: share.describe('the share that failed'),
  at_least: z.int().min(1).describe('with fewer payments than that, nothing is said'),
  by: words(rateBy).optional(),
  is: words(severities),
});

const destinationOrWindowName = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const record = <S extends z.ZodType>(what: string, name: RegExp, schema: S) =>
  z.record(z.string().regex(name, `${what} is named by letters, digits, "-" and "_", 64 at most`), schema);

const fileShape = {
  version: z.literal(1, 'expected version: 1'),
  timezone: timeZone.optional().describe('default: UTC'),
  status_pages: record('a status page (lower case)', statusPageName, statusPageSchema).optional(),
  destinations: record('a destination', destinationOrWindowName, destinationSchema).optional(),
  windows: record('a window', destinationOrWindowName, windowSchema).optional(),
  severity: z.array(severityRowSchema).optional(),
  fold: words(['outage', 'none']).optional(),
  routes: z.array(routeSchema).optional(),
  silences: z.array(silenceSchema).optional(),
  max_silence: length().optional().describe('default: 7d'),
  rates: z.array(rateSchema).optional(),
  heartbeat: strict('key', { url: fileableUrl(), every: length().optional() }).optional(),
  tests: z.array(testSchema).optional(),
};

export const rulesFileSchema = strict('key', fileShape);

export type RulesFile = Readonly<z.infer<typeof rulesFileSchema>>;
export type RouteSettings = Readonly<z.infer<typeof routeSchema>>;
export type RateSettings = Readonly<z.infer<typeof rateSchema>>;
