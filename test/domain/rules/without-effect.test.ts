import { expect, it } from 'vitest';
import { withoutEffect } from '../../../src/domain/rules/without-effect.ts';
import { rulesOf } from '../../support/rules.ts';

const pager = (more: string) => `version: 1
destinations: { oncall: { type: pagerduty, routing_key: 0123456789abcdef0123456789abcdef${more} } }
routes: [{ name: all, send: [oncall] }]
`;
const rate = `rates:
  - { name: declines, when: { currency: eur }, over: 15m, above: 20%, at_least: 50, is: critical }
`;

it.each([
  ['a file that holds none of it', pager(''), []],
  [
    'a rate, by its line',
    pager('') + rate,
    ['vendor-signals.yaml:5: the rate "declines" has no effect yet: this version opens no alert by a rate'],
  ],
  [
    'change events for maintenances, by the destination',
    pager(', maintenance: change_event'),
    ['destination oncall: "maintenance" has no effect yet: this version sends no change events'],
  ],
])('names what has no effect: %s', (_what, text, warnings) => {
  expect(withoutEffect(rulesOf(text))).toEqual(warnings);
});
