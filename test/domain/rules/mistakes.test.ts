import { expect, it } from 'vitest';
import { presets } from '../../../src/config/presets/presets.ts';
import { loadOptions, problemsOf } from '../../support/rules.ts';

/**
 * Each is a file and what is wrong with it: `›` stands where a problem is, and `|` for a first line `version: 1`.
 */
const mistakes: readonly (readonly [what: string, text: string, problems: readonly string[]])[] = [
  ['an empty file', '›', ['the file is empty; it begins with "version: 1"']],
  ['only a comment', '›# nothing yet', ['the file is empty; it begins with "version: 1"']],
  ['a list', '›- version: 1', ['expected a map, got a list']],
  ['no version', '›fold: none', ['expected version: 1']],
  ['another version', 'version: ›2', ['expected version: 1']],
  ['a key at the top', '|›routs: []', ['unknown key "routs" (did you mean "routes"?)']],
  ['a key that is nobody', '|›colours: []', ['unknown key "colours"']],
  ['a key twice', '|fold: none\n›fold: none', ['this key is given twice']],
  ['a time zone', '|timezone: ›Europe/Berln', ['there is no such time zone; expected one such as Europe/Berlin']],
  ['a word', '|fold: ›outages', ['expected outage or none (did you mean "outage"?)']],
  [
    'a bracket',
    '|routes: [›',
    ['this is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]'],
  ],
  ['a tab', '|windows:\n›\tnight: {}', ['lines are indented with spaces, not with tabs']],
  ['two documents', '|›---\nversion: 1', ['the file holds more than one document; take the line with --- out']],
  [
    'an exclamation mark',
    '|severity:\n  - { when: { component: ›!Actions }, is: info }',
    ['text that begins with ! must be in quotes'],
  ],
  ['a star', '|severity:\n  - { when: { component: ›*API }, is: info }', ['text that begins with * must be in quotes']],
  [
    'a comparison',
    '|severity:\n  - { when: { amount: ›> 5 EUR }, is: info }',
    ['text that begins with a character of YAML, such as > | @ % or a backtick, must be in quotes'],
  ],
  [
    'a hash',
    '|destinations:\n  s: { type: slack, token: x, channel: ›#ops\n  }',
    ['expected text, got nothing; a value that begins with # must be in quotes'],
  ],
  [
    'a fact',
    '|severity:\n  - { when: { ›componnet: Actions }, is: info }',
    ['unknown fact "componnet" (did you mean "component"?)'],
  ],
  [
    'a fact in another form',
    '|severity:\n  - { when: { ›failureCode: x }, is: info }',
    ['unknown fact "failureCode" (did you mean "failure_code"?)'],
  ],
  [
    'a number for a text',
    '|severity:\n  - { when: { decline_code: ›51 }, is: info }',
    ['expected text or a list, got a number; put it in quotes'],
  ],
  ['a text for a flag', '|severity:\n  - { when: { livemode: ›"yes" }, is: info }', ['expected true or false']],
  [
    'an amount',
    '|severity:\n  - { when: { amount: ›"> 10,000 EUR" }, is: info }',
    [
      'expected an amount with its currency, such as "> 10000 EUR", "<= 5 USD" or "100..500 EUR"; a number has no separators but a decimal point',
    ],
  ],
  ['no name behind a negation', '|severity:\n  - { when: { during: ›"!" }, is: info }', ['the name is empty']],
  [
    'an amount as a number',
    '|severity:\n  - { when: { amount: ›5 }, is: info }',
    ['expected text or a list, got a number; put it in quotes'],
  ],
  [
    'a currency',
    '|severity:\n  - { when: { amount: ›"> 5 ERU" }, is: info }',
    ['ERU is not a currency (did you mean EUR?)'],
  ],
  [
    'a lookahead',
    '|severity:\n  - { when: { summary: ›"/a(?=b)/" }, is: info }',
    [
      'not a regular expression of RE2, which has neither lookaround nor back-references: invalid or unsupported Perl syntax: `(?=`',
    ],
  ],
  [
    'a severity',
    '|severity:\n  - { when: { severity: ›critcal }, is: ›crit }',
    [
      'expected info, warning or critical (did you mean "critical"?)',
      'expected info, warning or critical (did you mean "critical"?)',
    ],
  ],
  [
    'a kind in a list',
    '|severity:\n  - { when: { kind: [incident, ›pay] }, is: info }',
    ['expected incident, status or payment (did you mean "payment"?)'],
  ],
  ['an empty list', '|severity:\n  - { when: { component: ›[] }, is: info }', ['the list is empty']],
  ['no is', '|severity:\n  - ›{ when: { page: braze } }', ['"is" is missing: expected info, warning or critical']],
  [
    'a status page in a condition',
    '|severity:\n  - { when: { page: ›braez }, is: info }',
    ['there is no status page "braez" (did you mean "braze"?)'],
  ],
  [
    'a source',
    '|severity:\n  - { when: { source: ›braze }, is: info }',
    ['there is no source "braze" (did you mean "braze_status"?)'],
  ],
  [
    'a window in a condition',
    '|windows: { night: { from: "22:00", to: "07:00" } }\nseverity:\n  - { when: { during: ›nigth }, is: info }',
    ['there is no window "nigth" (did you mean "night"?)'],
  ],
  [
    'a window where there is none',
    '|severity:\n  - { when: { during: ›"!night" }, is: info }',
    ['there is no window "night"; the file names none'],
  ],
  ['an hour', '|windows: { n: { from: ›"25:00", to: "07:00" } }', ['expected a time such as "22:00"']],
  [
    'an hour without quotes',
    '|windows: { n: { from: ›22, to: "07:00" } }',
    ['expected text, got a number; put it in quotes'],
  ],
  ['half a window', '|windows: { n: ›{ from: "22:00" } }', ['a window has both from and to, or neither']],
  ['an empty window', '|windows: { n: ›{} }', ['expected days, from and to, or both']],
  [
    'a window of no length',
    '|windows: { n: ›{ from: "22:00", to: "22:00" } }',
    ['the window ends when it begins; leave from and to out for the whole day'],
  ],
  ['a day', '|windows: { n: { days: [›sa] } }', ['expected mon, tue, wed, thu, fri, sat or sun (did you mean "sat"?)']],
  [
    'a name with a space',
    '|windows: { ›"a b": { days: [sat] } }',
    ['a window is named by letters, digits, "-" and "_", 64 at most'],
  ],
  ['no name', '|routes:\n  - ›{ send: [mock] }', ['every route needs a name']],
  ['no send', '|routes:\n  - ›{ name: a }', ['"send" is missing']],
  ['a text for send', '|routes:\n  - { name: a, send: ›mock }', ['expected a list, got text']],
  [
    'a destination',
    '|routes:\n  - { name: a, send: [›mok] }',
    ['there is no destination "mok" (did you mean "mock"?)'],
  ],
  [
    'a name twice',
    '|routes:\n  - { name: a, send: [mock] }\n  - { name: ›a, send: [] }',
    ['the name of a route is unique, and "a" is given twice'],
  ],
  [
    'a hold',
    '|routes:\n  - { name: a, hold: ›5 min, send: [mock] }',
    ['expected a length of time such as 90s, 5m, 2h or 7d'],
  ],
  [
    'a hold as a number',
    '|routes:\n  - { name: a, hold: ›300, send: [mock] }',
    ['expected text, got a number; put it in quotes'],
  ],
  [
    'at_end_of_window without a window',
    '|routes:\n  - { name: a, send: [], at_end_of_window: ›[mock] }',
    ['at_end_of_window needs a window: "during" in the when of its route'],
  ],
  [
    'at_end_of_window with a negation',
    '|windows: { n: { days: [sat] } }\nroutes:\n  - { name: a, when: { during: "!n" }, send: [], at_end_of_window: ›[mock] }',
    ['at_end_of_window needs the windows themselves in "during", not a negation'],
  ],
  [
    'windows that never end',
    '|windows: { n: { days: [mon, tue, wed, thu, fri, sat, sun] } }\nroutes:\n  - { name: a, when: { during: n }, send: [], at_end_of_window: ›[mock] }',
    ['the windows in "during" cover the whole week, so they never end'],
  ],
  [
    'a type',
    '|destinations: { a: { type: ›pagerdutty } }',
    [
      'expected a type: pagerduty, slack, webhook, email, teams, alertmanager, incident_io, mock (did you mean "pagerduty"?)',
    ],
  ],
  [
    'no type',
    '|destinations: { a: ›{ url: https://a.example } }',
    ['expected a type: pagerduty, slack, webhook, email, teams, alertmanager, incident_io, mock'],
  ],
  ['a key of a destination', '|destinations: { a: { type: mock, ›chanel: x } }', ['unknown key "chanel"']],
  [
    'a key of another type',
    '|destinations: { a: { type: teams, url: https://a.example/x, ›token: x } }',
    ['unknown key "token"'],
  ],
  ['no routing key', '|destinations: { a: ›{ type: pagerduty } }', ['"routing_key" is missing']],
  [
    'a key in quotes twice',
    '|destinations: { a: { type: pagerduty, routing_key: ›"\'x\'" } }',
    ['the value itself is in quotes; take them off'],
  ],
  [
    'half a bot',
    '|destinations: { a: ›{ type: slack, token: x } }',
    ['a slack destination has token and channel (and api_url), or webhook_url alone'],
  ],
  [
    'an address',
    '|destinations: { a: { type: teams, url: ›teams.example } }',
    ['expected a URL with https:// or http://, and without a user name or password'],
  ],
  [
    'a port',
    '|destinations: { a: { type: email, host: h, from: a@a.example, to: b@a.example, port: ›0 } }',
    ['expected at least 1'],
  ],
  ['a region', '|destinations: { a: { type: pagerduty, routing_key: x, region: ›de } }', ['expected us or eu']],
  [
    'a fallback to nobody',
    '|destinations: { a: { type: mock, fallback: { to: ›b, after: 5m } } }',
    ['there is no destination "b" (did you mean "a"?)'],
  ],
  [
    'a fallback to itself',
    '|destinations: { a: { type: mock, fallback: { to: ›a, after: 5m } } }',
    ['the fallbacks go round in a circle: a, a'],
  ],
  [
    'fallbacks in a circle',
    '|destinations:\n  a: { type: mock, fallback: { to: ›b, after: 5m } }\n  b: { type: mock, fallback: { to: ›a, after: 5m } }',
    ['the fallbacks go round in a circle: a, b, a', 'the fallbacks go round in a circle: b, a, b'],
  ],
  [
    'an address of PagerDuty that takes no events',
    '|destinations: { a: { type: pagerduty, routing_key: abc, events_url: ›"https://events.eu.pagerduty.com/" } }',
    ['takes no events: at PagerDuty the path of the Events API v2 is /v2/enqueue'],
  ],
  ['a key of a status page', '|status_pages: { braze: { ›use: [x] } }', ['unknown key "use" (did you mean "uses"?)']],
  [
    'an address of a status page',
    '|status_pages: { braze: { url: ›braze.statuspage.io } }',
    ['expected a URL with https:// or http://, and without a user name or password, or preset'],
  ],
  [
    'a misspelt preset',
    '|status_pages: { braze: ›presett }',
    [
      'expected a URL with https:// or http://, and without a user name or password, or preset (did you mean "preset"?)',
    ],
  ],
  [
    'a status page without an address',
    '|status_pages: { ›acme: { uses: [API] } }',
    ['this status page needs a url: neither the file nor the environment gives one'],
  ],
  [
    'a status page that stands still',
    '|status_pages: { stripe: { url: ›https://status.stripe.com } }',
    ['status.stripe.com has answered "up" to every request since February 2024: use https://www.stripestatus.com'],
  ],
  ['a preset', '|status_pages: { stirpe: ›preset }', ['there is no preset "stirpe" (did you mean "stripe"?)']],
  ['nothing used', '|status_pages: { braze: { uses: ›[] } }', ['the list is empty; leave it out to use everything']],
  [
    'a negation in uses',
    '|status_pages: { braze: { uses: [›"!API"] } }',
    ['uses lists what you use; nothing is negated here'],
  ],
  ['a use of nothing', '|status_pages: { braze: { uses: [›{}] } }', ['expected a group, a component, or both']],
  ['unattributed', '|status_pages: { braze: { unattributed: ›drop } }', ['expected keep, ignore or ignore_all']],
  [
    'a name in capitals',
    '|status_pages: { ›Braze: { url: https://a.example } }',
    ['a status page (lower case) is named by letters, digits, "-" and "_", 64 at most'],
  ],
  [
    'a silence of everything',
    '|silences:\n  - { when: ›{}, from: 2026-12-05, until: 2h, because: x }',
    ['a silence needs a condition'],
  ],
  [
    'a silence without an end',
    '|silences:\n  - ›{ when: { page: braze }, from: 2026-12-05, because: x }',
    ['"until" is missing'],
  ],
  [
    'a silence until resolved',
    '|silences:\n  - { when: { page: braze }, from: 2026-12-05, until: ›resolved, because: x }',
    ['a silence of the file ends at a time or after a length'],
  ],
  [
    'a silence that is too long',
    '|silences:\n  - { when: { page: braze }, from: 2026-12-05, until: ›2026-12-13, because: x }',
    ['a silence lasts for 7d at most (max_silence in the rules file)'],
  ],
  [
    'a silence that ends first',
    '|silences:\n  - { when: { page: braze }, from: 2026-12-05, until: ›2026-12-04, because: x }',
    ['the silence ends before it begins'],
  ],
  [
    'a time',
    '|silences:\n  - { when: { page: braze }, from: ›2026-13-05, until: 2h, because: x }',
    ['there is no such time'],
  ],
  [
    'a rate',
    '|rates:\n  - { name: a, over: 15m, above: ›20, at_least: ›0, by: ›country, is: warning }',
    ['expected a share below 1, such as 0.2, or "20%"', 'expected at least 1', 'expected currency or account'],
  ],
  [
    'a heartbeat',
    '|heartbeat: { url: ›x, every: ›0s }',
    [
      'expected a URL with https:// or http://, and without a user name or password',
      'expected a length of time such as 90s, 5m, 2h or 7d',
    ],
  ],
  ['max_silence', '|max_silence: ›30', ['expected text, got a number; put it in quotes']],
  [
    'a test without an expectation',
    '|tests:\n  - { name: a, given: {}, expect: ›{} }',
    ['expected at least one expectation'],
  ],
  [
    'a fact of a test',
    '|tests:\n  - { name: a, given: { ›stauts: x }, expect: { sent: [] } }',
    ['unknown fact "stauts" (did you mean "status"?)'],
  ],
  [
    'a comparison in a test',
    '|tests:\n  - { name: a, given: { amount: ›"> 5 EUR" }, expect: { sent: [] } }',
    ['expected an amount with its currency, such as "12000 EUR"'],
  ],
  [
    'a destination of a test',
    '|tests:\n  - { name: a, given: { page: braze }, expect: { sent: [›oncall] } }',
    ['there is no destination "oncall"'],
  ],
  [
    'a route of a test',
    '|routes:\n  - { name: night, send: [] }\ntests:\n  - { name: a, given: { page: braze }, expect: { route: ›nigth } }',
    ['there is no route "nigth" (did you mean "night"?)'],
  ],
  [
    'a status page of a test that there is none of',
    '|tests:\n  - { name: a, given: { page: ›brase }, expect: { sent: [] } }',
    ['there is no status page "brase" (did you mean "braze"?)'],
  ],
  [
    'destinations at the end of a window in a test',
    '|tests:\n  - { name: a, given: { page: braze }, expect: { at_end_of_window: [›oncall] } }',
    ['there is no destination "oncall"'],
  ],
  [
    'a destination at the end of a window',
    '|windows: { n: { days: [sat] } }\nroutes:\n  - { name: a, when: { during: n }, send: [], at_end_of_window: [›oncall] }',
    ['there is no destination "oncall"'],
  ],
  [
    'windows in each list',
    '|routes:\n  - { name: a, when: { during: ›x }, send: [] }\nsilences:\n  - { when: { during: ›x }, from: 2026-12-05T22:00, until: 2026-12-06T02:00, because: b }\nseverity:\n  - { when: { during: ›x }, is: info }\nrates:\n  - { name: r, when: { during: ›x }, over: 10m, above: 50%, at_least: 10, is: critical }',
    [
      'there is no window "x"; the file names none',
      'there is no window "x"; the file names none',
      'there is no window "x"; the file names none',
      'there is no window "x"; the file names none',
    ],
  ],
  [
    'two problems in a line',
    '|routes: [{ name: a, send: [›oncall] }, { name: b, send: [›chat] }]',
    ['there is no destination "oncall"', 'there is no destination "chat"'],
  ],
  [
    'rates of one name',
    '|rates:\n  - &r { name: a, over: 10m, above: 50%, at_least: 10, is: critical }\n  - { name: ›a, over: 5m, above: 50%, at_least: 10, is: critical }',
    ['the name of a rate is unique, and "a" is given twice'],
  ],
  [
    'a name that is too long',
    `|routes: [{ name: ›"${'x'.repeat(201)}", send: [] }]`,
    ['expected at most 200 characters'],
  ],
  ['a number for a name', '|routes: [{ name: ›5, send: [] }]', ['expected text, got a number; put it in quotes']],
  ['an empty name', '|routes: [{ name: ›"", send: [] }]', ['the name is empty']],
  [
    'an empty reason',
    '|silences:\n  - { when: { page: braze }, from: 2026-12-05, until: 2h, because: ›"" }',
    ['the text is empty'],
  ],
  ['a list for a map', '|windows: ›[night]', ['expected a map, got a list']],
  ['nothing for a list', '|routes:›', ['expected a list, got nothing']],
  ['a map for a list', '|routes: ›{ name: a }', ['expected a list, got a map']],
  [
    'a word for a number',
    '|rates:\n  - { name: a, over: 15m, above: 20%, at_least: ›many, is: warning }',
    ['expected a number, got text'],
  ],
  [
    'a share of nothing',
    '|rates:\n  - { name: a, over: 15m, above: ›0%, at_least: 1, is: warning }',
    ['expected a share such as "20%"'],
  ],
  [
    'a destination where the file names none',
    '|destinations: {}\nroutes:\n  - { name: a, send: [›mock] }',
    ['there is no destination "mock"; the file names none'],
  ],
  [
    'a destination of a held test',
    '|tests:\n  - { name: a, given: { page: braze }, expect: { held: [›mok] } }',
    ['there is no destination "mok" (did you mean "mock"?)'],
  ],
  [
    'a preset nobody knows',
    '|status_pages: { acme: ›preset }',
    [`there is no preset "acme"; the presets are ${[...presets.keys()].join(', ')}`],
  ],
  ['an unclosed quote', '|timezone: "UTC›', ['this is not YAML: Missing closing "quote']],
  ['a list of lists', '|severity:\n  - { when: { component: [›[a]] }, is: info }', ['expected text, got a list']],
  [
    'nothing at all for a status page',
    '|status_pages:\n  braze: ›5',
    ['expected text or a map, got a number; put it in quotes'],
  ],
  ['a key that is a list', '|windows: { n: { days: ›sat } }', ['expected a list, got text']],
  [
    'a list that is too long',
    `|severity:\n  - { when: { component: ›[${Array(501).fill('a').join(', ')}] }, is: info }`,
    ['expected at most 500 items'],
  ],
];

const wholeFile = (text: string): string => text.replace(/^\|/, 'version: 1\n');

/** `line:column` of each mark, as they stand once the marks are taken out. */
const marksIn = (text: string): readonly string[] =>
  text.split('\n').flatMap((line, at) => {
    const [first = '', ...others] = line.split('›');
    let column = first.length + 1;
    return others.map((piece) => {
      const place = `${at + 1}:${column}`;
      column += piece.length;
      return place;
    });
  });

it.each(mistakes)('%s', (_, marked, problems) => {
  const text = wholeFile(marked);
  const places = marksIn(text);
  expect(problemsOf(text.replaceAll('›', ''))).toEqual(problems.map((message, at) => `${places[at]} ${message}`));
  expect(places).toHaveLength(problems.length);
});

it('all mistakes are told at once, in the order of the file', () => {
  const text = mistakes
    .filter(([, written]) => written.startsWith('|severity:'))
    .filter(([what]) => !['an exclamation mark', 'a star', 'a comparison'].includes(what))
    .map(([, written]) => written.replaceAll('›', '').replace('|severity:\n', ''))
    .join('\n');
  const found = problemsOf(`version: 1\nseverity:\n${text}`);
  expect(found.length).toBeGreaterThan(12);
  const lines = found.map((problem) => Number.parseInt(problem, 10));
  expect(lines).toEqual(lines.toSorted((a, b) => a - b));
});

it('a setting that the environment gives too is an error that names both places', () => {
  const { environment } = loadOptions();
  const text = `version: 1
status_pages: { spreedly: { url: https://status.spreedly.com }, github: preset }
heartbeat: { url: https://hc.example/ping }
routes: [{ name: a, send: [mock] }]
`;
  const env = { ROUTE_WARNING: 'false', HEARTBEAT_URL: 'https://hc.example/other' };
  const pages = [
    { name: 'spreedly', variable: 'SPREEDLY_STATUS_SUMMARY_URL' },
    { name: 'github', variable: 'STATUS_PAGES' },
  ];
  expect(problemsOf(text, { env, environment: { ...environment, pages } })).toEqual([
    '2:29 given twice: by the variable SPREEDLY_STATUS_SUMMARY_URL, and here by status_pages.spreedly.url; take one of them out',
    '2:65 given twice: by the variable STATUS_PAGES, and here by status_pages.github; take one of them out',
    '3:14 given twice: by the variable HEARTBEAT_URL, and here by heartbeat.url; take one of them out',
    '4:1 given twice: by the variable ROUTE_WARNING, and here by routes; take one of them out',
  ]);
  expect(problemsOf(text)).toEqual([]);
});

it('an empty variable counts as not set', () => {
  expect(problemsOf('version: 1\nroutes: []', { env: { ROUTE_WARNING: ' ' } })).toEqual([]);
  const text = `version: 1\ndestinations: { a: { type: teams, url: "\${TEAMS_URL}" } }`;
  expect(problemsOf(text, { env: { TEAMS_URL: '' } })).toEqual(['2:40 the variable TEAMS_URL is not set']);
});

it('a value can come from a file', () => {
  const text = 'version: 1\ndestinations: { a: { type: pagerduty, routing_key: { file: /run/secrets/key } } }';
  expect(problemsOf(text, { readFile: () => 'abc123\n' })).toEqual([]);
  expect(problemsOf(text)).toEqual(['2:52 the file /run/secrets/key cannot be read: there is no such file']);
  const fails = () => {
    throw new Error('a fault without a code');
  };
  expect(problemsOf(text, { readFile: fails })).toEqual([
    '2:52 the file /run/secrets/key cannot be read: unknown error',
  ]);
  expect(problemsOf(text, { readFile: () => ' \n' })).toEqual(['2:52 the file /run/secrets/key is empty']);
  expect(problemsOf(text, { placeholders: true })).toEqual([]);
});

it('a destination can be called file', () => {
  expect(problemsOf('version: 1\ndestinations: { file: { type: mock } }\nroutes: [{ name: a, send: [file] }]')).toEqual(
    [],
  );
});

it('what came from a variable stands in no message', () => {
  const env = { KEY: "'s3cret-value'", NAME: 'other-s3cret' };
  const text = `version: 1
destinations: { a: { type: pagerduty, routing_key: "\${KEY}" } }
routes: [{ name: r, send: ["\${NAME}"] }]
`;
  const found = problemsOf(text, { env });
  expect(found).toEqual([
    '2:52 the value itself is in quotes; take them off',
    `3:28 there is no destination "\${NAME}"`,
  ]);
});

it('a value from a variable stands in no message though another one is a part of it, and short words stay', () => {
  const env = { PART: 's3cret', ALL: 's3cret-and-more', WORD: 'no' };
  const text = `version: 1
destinations: { a: { type: pagerduty, routing_key: "\${PART}" } }
routes: [{ name: r, send: ["\${WORD}", "\${ALL}"] }]
`;
  expect(problemsOf(text, { env })).toEqual([
    '3:28 there is no destination "no"',
    `3:39 there is no destination "\${ALL}"`,
  ]);
});

it('a file is bounded, and its aliases do not multiply', () => {
  expect(problemsOf(`version: 1 #${'x'.repeat(1_100_000)}`)).toEqual(['1:1 the file is larger than 1 MiB']);
  for (const nested of ['['.repeat(200_000), '{a: '.repeat(200_000), `a:\n${'- '.repeat(200_000)}`])
    expect(problemsOf(nested)).toEqual(['1:1 the file is nested too deeply']);
  const many = Array(300).fill('  - { is: nothing }').join('\n');
  const found = problemsOf(`version: 1\nseverity:\n${many}`);
  expect(found).toHaveLength(201);
  expect(found.at(-1)).toBe('203:11 and 100 more problems from here on');
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf'].map((pair) => [...pair]))
    bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
  expect(problemsOf(bomb.join('\n'))).toEqual(['1:1 the file refers to its own parts more than 100 times']);
});
