import { expect, it } from 'vitest';
import { redactJson } from '../../src/ai/redact-json.ts';

it('leaves out what must not be seen, wherever it stands, keeps the shape, and counts', () => {
  const raw = {
    receipt_email: 'jo@example.com',
    card: { number: '4242 4242 4242 4242', exp_year: 2030, last4: '4242' },
    numbers: [4242424242424242, 1234567890123456, 1767225600],
    client_secret: 'pi_1_secret_abc',
    note: 'use sk_live_abcdefgh12345 please',
    'jo@example.com': null,
    nested: [[{ password: 'hunter2', token: null, api_key: '' }]],
  };
  const { value, counts } = redactJson(raw);
  expect(value).toEqual({
    receipt_email: '[email]',
    card: { number: '[card_number]', exp_year: 2030, last4: '4242' },
    numbers: ['[card_number]', 1234567890123456, 1767225600],
    client_secret: '[secret]',
    note: 'use [api_key] please',
    '[email]': null,
    nested: [[{ password: '[secret]', token: null, api_key: '' }]],
  });
  expect(counts).toEqual({ email: 2, card_number: 2, secret: 2, api_key: 1 });
});

it.each([null, true, 1.5, 'plain', [], {}, [{ id: 'evt_1', amount: 100 }]])('leaves %j as it is', (raw) => {
  expect(redactJson(raw)).toEqual({ value: raw, counts: {} });
});

it('keeps keys that objects have a meaning of their own for', () => {
  const raw: unknown = JSON.parse('{"__proto__":{"email":"a@b.cc"},"constructor":"c"}');
  expect(JSON.stringify(redactJson(raw).value)).toBe('{"__proto__":{"email":"[email]"},"constructor":"c"}');
});
