import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { rulesJsonSchema } from '../../../src/domain/rules/json-schema.ts';

const validate = new Ajv2020({ strict: false }).compile(rulesJsonSchema());
const isValid = (text: string): boolean => validate(parse(text));

it('the copy in docs is the schema of the code', () => {
  const copy = readFileSync(new URL('../../../docs/vendor-signals.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(copy)).toEqual(JSON.parse(JSON.stringify(rulesJsonSchema())));
});

it('an editor accepts a file as it is written, variables and files included', () => {
  expect(
    isValid(`
version: 1
status_pages: { stripe: preset, braze: { uses: [{ group: US-03, component: REST API }, Dashboard] } }
destinations:
  oncall: { type: pagerduty, routing_key: { file: /run/secrets/key }, fallback: { to: mail, after: 5m } }
  mail: { type: email, host: h, port: "\${SMTP_PORT}", from: a@a.example, to: [b@a.example] }
windows: { night: { from: "22:00", to: "07:00", days: [fri] } }
routes:
  - { name: a, when: { kind: [incident, "!payment"], amount: ["> 5 EUR"], during: "!night" }, send: [oncall], hold: 5m }
`),
  ).toBe(true);
});

it.each([
  ['version: 2'],
  ['version: 1\nrouts: []'],
  ['version: 1\nroutes: [{ send: [] }]'],
  ['version: 1\nroutes: [{ name: a, send: [], hold: 5 min }]'],
  ['version: 1\nroutes: [{ name: a, send: [], when: { componnet: x } }]'],
  ['version: 1\nroutes: [{ name: a, send: [], when: { severity: bad } }]'],
  ['version: 1\ndestinations: { a: { type: pagerduty } }'],
  ['version: 1\ndestinations: { a: { type: slack, chanel: x } }'],
  ['version: 1\nwindows: { n: { days: [monday] } }'],
])('an editor refuses %s', (text) => {
  expect(isValid(text)).toBe(false);
});
