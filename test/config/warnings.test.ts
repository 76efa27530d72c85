import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/env.ts';
import { routingKey } from '../support/pagerduty.ts';

const well = { STRIPE_WEBHOOK_SECRET: 'whsec_1', API_TOKEN: 'tok_1234567890abcdef', PAGERDUTY_ROUTING_KEY: routingKey };

it.each<[string, Record<string, string>, readonly string[]]>([
  ['nothing, when all is set and looks right', {}, []],
  ['an API that is open', { API_TOKEN: '' }, ['API_TOKEN is not set']],
  ['a token that can be guessed', { API_TOKEN: 'tok_1' }, ['API_TOKEN is shorter than 16']],
  ['a signing secret of another kind', { STRIPE_WEBHOOK_SECRET: 'whsec_1,odd' }, ['STRIPE_WEBHOOK_SECRET holds']],
  [
    'the placeholder of the example',
    { STRIPE_WEBHOOK_SECRET: 'whsec_replace_me', PAGERDUTY_ROUTING_KEY: '' },
    ['STRIPE_WEBHOOK_SECRET is still the placeholder'],
  ],
  ['a store that forgets, in production', { NODE_ENV: 'production' }, ['STORE_URL is memory: in production']],
  ['no such store elsewhere', { NODE_ENV: 'development' }, []],
  [
    'a misspelt variable',
    { ROUTE_WARNINGS: 'odd' },
    ['ROUTE_WARNINGS is not a variable of this service, and does nothing: did you mean ROUTE_WARNING?'],
  ],
  [
    'a variable with a prefix of ours',
    { STATUS_INTERVAL: 'odd' },
    ['STATUS_INTERVAL is not a variable of this service, and does nothing'],
  ],
  ['no misspelt variable that is empty', { ROUTE_WARNINGS: ' ' }, []],
  ['a key that PagerDuty will refuse', { PAGERDUTY_ROUTING_KEY: 'tiny' }, ['PAGERDUTY_ROUTING_KEY is not 32']],
  [
    'status pages that are stale before they are read again',
    { STATUS_POLL_INTERVAL_SECONDS: '900' },
    ['STATUS_STALE_AFTER_SECONDS (900) is not longer than STATUS_POLL_INTERVAL_SECONDS (900)'],
  ],
])('warns of %s, without a secret', (_what, env, warnings) => {
  const { warnings: given } = readConfig({ ...well, ...env });
  expect(given).toEqual(warnings.map((warning) => expect.stringContaining(warning)));
  expect(given.join()).not.toMatch(/whsec_1|tok_|odd|tiny/);
});
