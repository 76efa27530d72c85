// The destinations of a rules file: one strict schema for each kind. A sink narrows its own and checks the rest there.
import * as z from 'zod';
import { eventsUrlProblem, isWrongEventsUrl } from './events-url.ts';
import { fileable, fileableUrl, httpUrl, length } from './fields.ts';
import { didYouMean } from './nearest.ts';
import { parsed, unreadable } from './parsed.ts';
import { oneOrMore, readable, strict, words } from './strict.ts';

/** A key, a token or a password: what is in quotes twice, has white space at an end, or more than a line, cannot work. */
const secretText = (text: string) => {
  if (text === '') return unreadable('the text is empty');
  if (/^["'`]|["'`]$/.test(text)) return unreadable('the value itself is in quotes; take them off');
  if (/^\s|\s$/.test(text)) return unreadable('the value begins or ends with white space');
  return /\p{Cc}/u.test(text) ? unreadable('the value holds a line break or another control character') : parsed(text);
};

const text = () => fileable(z.string().min(1, 'the text is empty'));
const secret = () => fileable(readable(secretText));

/** From the environment a number or a switch comes as text. */
const number = (least: number, most: number) =>
  z.union([
    z.int().min(least).max(most),
    readable((digits) =>
      /^\d+$/.test(digits) && Number(digits) >= least && Number(digits) <= most
        ? parsed(digits)
        : unreadable(`expected a whole number from ${least} to ${most}`),
    ),
  ]);
const flag = () => z.union([z.boolean(), words(['true', 'false'])]);

const common = {
  reaches_people: z.boolean().optional().describe('whether a person is at its other end; true, but for `mock`'),
  per_minute: z.int().min(0).max(1_000_000).optional().describe('requests in any 60 seconds at most; 0 for no limit'),
  fallback: strict('key', {
    to: z.string().describe('the name of the other destination'),
    after: length(),
  })
    .optional()
    .describe('another destination that is told when a trigger is not accepted'),
};

const eventsUrl = (url: string) => (isWrongEventsUrl(url) ? unreadable(eventsUrlProblem) : httpUrl(url));

const shapes = {
  pagerduty: strict('key', {
    type: z.literal('pagerduty'),
    ...common,
    routing_key: secret(),
    region: words(['us', 'eu']).optional(),
    events_url: fileable(readable(eventsUrl)).optional().describe('wins over `region`'),
    maintenance: words(['change_event']).optional(),
  }),
  slack: strict('key', {
    type: z.literal('slack'),
    ...common,
    token: secret().optional(),
    channel: text().optional(),
    api_url: fileableUrl().optional(),
    webhook_url: fileableUrl().optional(),
  }).check((context) => {
    const { token, channel, api_url, webhook_url } = context.value;
    const hasBot = token !== undefined || channel !== undefined || api_url !== undefined;
    const isWhole = webhook_url === undefined ? token !== undefined && channel !== undefined : !hasBot;
    const message = 'a slack destination has token and channel (and api_url), or webhook_url alone';
    if (!isWhole) context.issues.push({ code: 'custom', message, input: null });
  }),
  webhook: strict('key', {
    type: z.literal('webhook'),
    ...common,
    url: fileableUrl(),
    secret: oneOrMore(secret()).describe('several while one is rotated: every one signs'),
  }),
  email: strict('key', {
    type: z.literal('email'),
    ...common,
    host: text(),
    port: number(1, 65_535).optional(),
    secure: flag().optional(),
    insecure: flag().optional(),
    user: text().optional(),
    password: secret().optional(),
    from: text(),
    to: oneOrMore(text()),
  }),
  teams: strict('key', { type: z.literal('teams'), ...common, url: fileableUrl() }),
  alertmanager: strict('key', {
    type: z.literal('alertmanager'),
    ...common,
    url: fileableUrl(),
    repeat: length().optional(),
  }),
  incident_io: strict('key', { type: z.literal('incident_io'), ...common, url: fileableUrl(), token: secret() }),
  mock: strict('key', { type: z.literal('mock'), ...common }),
};

const destinationTypes = Object.keys(shapes);

export const destinationSchema = z.discriminatedUnion(
  'type',
  [
    shapes.pagerduty,
    shapes.slack,
    shapes.webhook,
    shapes.email,
    shapes.teams,
    shapes.alertmanager,
    shapes.incident_io,
    shapes.mock,
  ],
  {
    error: (issue) => {
      if (issue.code !== 'invalid_union') return undefined;
      const given = z.object({ type: z.string() }).safeParse(issue.input).data?.type;
      return `expected a type: ${destinationTypes.join(', ')}${given === undefined ? '' : didYouMean(given, destinationTypes)}`;
    },
  },
);

/** One destination as the file has it, each `${NAME}` and `{ file: PATH }` replaced by its value. */
export type DestinationSettings = Readonly<z.infer<typeof destinationSchema>>;

/** Whether a person is at its other end. */
export const reachesPeople = ({ type, reaches_people }: DestinationSettings): boolean =>
  reaches_people ?? type !== 'mock';
