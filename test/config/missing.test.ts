import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/env.ts';
import { missingOf } from '../../src/config/missing.ts';
import { rulesOf } from '../support/rules.ts';

const missing = (rules: string, env: Readonly<Record<string, string>> = {}) =>
  missingOf(
    readConfig({
      STRIPE_WEBHOOK_SECRET: 'whsec_1',
      API_TOKEN: 'tok_of_16_letters',
      STORE_URL: 'sqlite:events.db',
      ...env,
    }),
    rulesOf(`version: 1\n${rules}`),
  );

const pages = ['SPREEDLY_STATUS_SUMMARY_URL', 'BRAZE_STATUS_SUMMARY_URL'];
const key = 'PAGERDUTY_ROUTING_KEY';

it.each([
  ['nothing of it', 'fold: none', [key, ...pages]],
  ['the destinations', 'destinations: { chat: { type: mock } }', pages],
  ['the address of a status page', 'status_pages: { braze: { url: https://braze.test } }', [key, pages[0]]],
  ['all of them', 'status_pages: { spreedly: preset, braze: preset }\ndestinations: { chat: { type: mock } }', []],
])('what the rules give is not missing: %s', (_what, rules, expected) => {
  expect(missing(rules)).toEqual(expected);
});

it('what neither gives is missing', () => {
  expect(missing('fold: none', { STRIPE_WEBHOOK_SECRET: 'whsec_replace_me', API_TOKEN: '', STORE_URL: '' })).toEqual([
    'STRIPE_WEBHOOK_SECRET',
    key,
    ...pages,
    'API_TOKEN',
    'STORE_URL',
  ]);
});
