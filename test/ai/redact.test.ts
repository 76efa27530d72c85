import { expect, it } from 'vitest';
import { redact } from '../../src/ai/redact.ts';

// Put together here, so that no scanner takes them for real ones.
const stripeKey = (kind: string, mode: string) => `${kind}_${mode}_${'51H8xTqLkdIwHu7ix'}`;
const aws = (prefix: string) => `${prefix}${'IOSFODNN7EXAMPLE'}`;
const github = (prefix: string) => `${prefix}_${'16C7e42F292c6912E7710c838347Ae178B4a'}`;
const jwt = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0', 'dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'].join('.');

it.each([
  ['a Stripe secret key', `key ${stripeKey('sk', 'live')} leaked`, 'key [api_key] leaked', 'api_key'],
  ['a Stripe test key', `key ${stripeKey('sk', 'test')} leaked`, 'key [api_key] leaked', 'api_key'],
  ['a Stripe restricted key', `key ${stripeKey('rk', 'live')}.`, 'key [api_key].', 'api_key'],
  ['a Stripe publishable key', `key ${stripeKey('pk', 'live')}.`, 'key [api_key].', 'api_key'],
  ['a Stripe signing secret', `signed with whsec_${'aB3+/=_-xyz'}`, 'signed with [api_key]', 'api_key'],
  ['an AWS key', `as ${aws('AKIA')}, again`, 'as [api_key], again', 'api_key'],
  ['a temporary AWS key', `as ${aws('ASIA')}, again`, 'as [api_key], again', 'api_key'],
  ['a GitHub token', `with ${github('ghp')}.`, 'with [api_key].', 'api_key'],
  ['a GitHub server token', `with ${github('ghs')}.`, 'with [api_key].', 'api_key'],
  ['a fine-grained GitHub token', `with ${github('github_pat_11ABCDEFG0')}.`, 'with [api_key].', 'api_key'],
  ['a Slack token', `bot ${['xoxb', '123456789012', 'abcdef'].join('-')}`, 'bot [api_key]', 'api_key'],
  ['a password in a setting', 'PASSWORD=hunter2hunter2; next', '[api_key]; next', 'api_key'],
  ['a key in JSON', '{"api_key": "abcdef123456"}', '{"[api_key]"}', 'api_key'],
  [
    'a bearer token',
    'Authorization: Bearer abc.def-123==, retry',
    'Authorization: [bearer_token], retry',
    'bearer_token',
  ],
  ['a bearer token in any case', 'sent BEARER tok_123', 'sent [bearer_token]', 'bearer_token'],
  ['a JWT', `cookie ${jwt} expired`, 'cookie [bearer_token] expired', 'bearer_token'],
  ['a JWT without a signature', jwt.replace(/\.[^.]*$/, ''), '[bearer_token]', 'bearer_token'],
  ['a JWT behind a name', `cookie=sid-${jwt};`, 'cookie=sid-[bearer_token];', 'bearer_token'],
  ['a JWT among words with dots', `see www.${jwt}.example`, 'see www.[bearer_token].example', 'bearer_token'],
  ['an e-mail address', 'ask Jane.Doe+ops@mail.example.co.uk.', 'ask [email].', 'email'],
  ['a card number', 'card 4242424242424242 declined', 'card [card_number] declined', 'card_number'],
  ['a card number with spaces', 'card 4242 4242 4242 4242.', 'card [card_number].', 'card_number'],
  ['a card number with hyphens', 'card 4242-4242-4242-4242.', 'card [card_number].', 'card_number'],
  ['a card number of 15 digits', 'card 378282246310005', 'card [card_number]', 'card_number'],
  ['a card number of 13 digits', 'card 4222222222222', 'card [card_number]', 'card_number'],
  ['a card number before its code', 'card 4242424242424242 123', 'card [card_number] 123', 'card_number'],
  ['a card number before its expiry', 'card 4242 4242 4242 4242 12/27', 'card [card_number] 12/27', 'card_number'],
  ['a card number after another number', 'order 17 4242424242424242', 'order 17 [card_number]', 'card_number'],
])('%s is replaced and counted', (_, text, expected, kind) => {
  expect(redact(text)).toEqual({ text: expected, counts: { [kind]: 1 } });
});

it.each([
  ['digits that fail the check digit', 'order 4242424242424241'],
  ['a time stamp', 'at 1767225600000'],
  ['a short number', 'amount 424242'],
  ['an object id of Stripe', 'po_1Nv0FGQ9RKHgCVdK and evt_1NG8Du2eZvKYlo2CUI79vXWy'],
  ['a word of a rule without its value', 'the token was refused; the password too'],
  ['an at sign alone', 'up @ noon, a@b'],
  ['a word with sk_ in it', 'task_live_streaming'],
  ['nothing', ''],
])('%s is left as it is', (_, text) => {
  expect(redact(text)).toEqual({ text, counts: {} });
});

it('two tokens with nothing but a dot between them are two', () => {
  expect(redact(`${jwt}.${jwt}`)).toEqual({ text: '[bearer_token].[bearer_token]', counts: { bearer_token: 2 } });
});

it('each kind is counted by itself', () => {
  const text = `a@example.com and b@example.com saw ${stripeKey('sk', 'live')} beside 4242424242424242, Bearer abc`;
  expect(redact(text)).toEqual({
    text: '[email] and [email] saw [api_key] beside [card_number], [bearer_token]',
    counts: { email: 2, api_key: 1, card_number: 1, bearer_token: 1 },
  });
});

it('what was redacted once is not changed by a second time', () => {
  const { text } = redact(`Bearer abc a@example.com secret=${stripeKey('sk', 'live')} 4242424242424242 ${jwt}`);
  expect(redact(text)).toEqual({ text, counts: {} });
});
