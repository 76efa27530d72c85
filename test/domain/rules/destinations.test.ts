import { expect, it } from 'vitest';
import { destinationSchema, reachesPeople } from '../../../src/domain/rules/destination-schema.ts';
import { problemsOf, rulesOf } from '../../support/rules.ts';

/** `<NAME>` stands for a variable. */
const file = (destination: string) =>
  `version: 1\ndestinations: { a: { ${destination.replace(/<(\w+)>/g, (_, name) => `\${${name}}`)} } }\n`;
const env = { SMTP_PORT: '587', SMTP_TLS: 'true', BAD_PORT: '99999', KEY: 'k-123456' };

it.each([
  'type: pagerduty, routing_key: abc, region: us, maintenance: change_event, per_minute: 0',
  'type: pagerduty, routing_key: abc, events_url: "http://127.0.0.1:9/v2/enqueue"',
  'type: slack, token: xoxb-1, channel: "#ops", api_url: "http://127.0.0.1:9"',
  'type: slack, webhook_url: "https://hooks.slack.example/services/T/B/x"',
  'type: webhook, url: "https://a.example/x", secret: whsec_a',
  'type: webhook, url: "https://a.example/x", secret: [whsec_a, "<KEY>"]',
  'type: email, host: h, port: 25, secure: true, insecure: false, user: u, password: p, from: a@a.example, to: b@a.example',
  'type: email, host: h, port: "<SMTP_PORT>", secure: "<SMTP_TLS>", from: a@a.example, to: [b@a.example]',
  'type: teams, url: "https://a.example/x", reaches_people: false',
  'type: alertmanager, url: "http://am.example:9093", repeat: 30s',
  'type: incident_io, url: "https://api.incident.example/x", token: t',
  'type: mock',
])('{ %s } is a destination', (destination) => {
  expect(problemsOf(file(destination), { env })).toEqual([]);
});

it.each([
  ['type: email, host: h, port: "<BAD_PORT>", from: a, to: b', 'expected a whole number from 1 to 65535'],
  ['type: email, host: h, port: smtp, from: a, to: b', 'expected a whole number from 1 to 65535'],
  ['type: email, host: h, port: [25], from: a, to: b', 'expected a number or text, got a list'],
  ['type: email, host: "", from: a, to: b', 'the text is empty'],
  ['type: email, host: h, from: a', '"to" is missing'],
  ['type: incident_io, url: "https://a.example", token: ""', 'the text is empty'],
  ['type: incident_io, url: "https://a.example", token: " x"', 'the value begins or ends with white space'],
  [
    'type: incident_io, url: "https://a.example", token: "x\\ny"',
    'the value holds a line break or another control character',
  ],
  [
    'type: slack, webhook_url: "https://a.example", channel: "#ops"',
    'a slack destination has token and channel (and api_url), or webhook_url alone',
  ],
  ['type: slack', 'a slack destination has token and channel (and api_url), or webhook_url alone'],
  [
    'type: teams, url: "https://user:pass@a.example"',
    'expected a URL with https:// or http://, and without a user name or password',
  ],
  ['type: mock, per_minute: -1', 'expected at least 0'],
  ['type: mock, per_minute: 1.5', 'expected a whole number, got a number'],
  ['type: mock, reaches_people: 1', 'expected true or false, got a number'],
  ['type: mock, fallback: b', 'expected a map, got text'],
  ['type: 5', 'expected a type: pagerduty, slack, webhook, email, teams, alertmanager, incident_io, mock'],
])('{ %s } is refused', (destination, message) => {
  expect(problemsOf(file(destination), { env }).map((problem) => problem.replace(/^\S+ /, ''))).toEqual([message]);
});

it('all destinations reach people but the mock, unless the file says otherwise', () => {
  const reaches = (text: string) => [...(rulesOf(file(text)).destinations?.values() ?? [])].map(reachesPeople);
  expect(reaches('type: teams, url: "https://a.example/x"')).toEqual([true]);
  expect(reaches('type: teams, url: "https://a.example/x", reaches_people: false')).toEqual([false]);
  expect(reaches('type: mock')).toEqual([false]);
  expect(reaches('type: mock, reaches_people: true')).toEqual([true]);
});

it('a sink narrows its own kind by its type', () => {
  const settings = destinationSchema.parse({ type: 'alertmanager', url: 'https://a.example', repeat: '30s' });
  expect(settings.type === 'alertmanager' ? settings.repeat : null).toBe('30s');
});

it('of a destination nothing is shown that could be a secret', () => {
  const { shown } = rulesOf(
    file('type: email, host: h, user: u-secret, password: p-secret, from: "<KEY>", to: [b@a.example]'),
    { env },
  );
  expect(shown.destinations).toEqual({
    a: { type: 'email', host: 'h', user: 'set', password: 'set', from: 'set', to: ['b@a.example'] },
  });
});
