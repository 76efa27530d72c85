import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';

const ask = async (body: unknown) => {
  const service = await startService();
  const response = await service.request('/ai/summarize', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'x-request-id': 'req-1' },
  });
  return { service, status: response.status, body: await response.json() };
};

it('answers with a summary and a severity, the same each time', async () => {
  const text = 'Hello. The payment API is down for all customers. Thank you.';
  const first = await ask({ text });
  expect(first).toMatchObject({ status: 200 });
  expect(first.body).toEqual({
    summary: 'The payment API is down for all customers.',
    suggested_severity: 'critical',
  });
  expect((await ask({ text })).body).toEqual(first.body);
});

it('the model sees no secret, and the audit line tells what was asked without any of the text', async () => {
  const text = 'jane@example.com says that card 4242424242424242 was declined';
  const redacted = '[email] says that card [card_number] was declined';
  const { service, body } = await ask({ text });
  expect(body).toEqual({ summary: redacted, suggested_severity: 'warning' });
  expect(service.logged.of('ai.summarized')).toEqual([
    {
      level: 'info',
      time: expect.any(String),
      service: 'vendor-signals',
      msg: 'ai.summarized',
      request_id: 'req-1',
      model: 'keyword-stub',
      input_chars: text.length,
      input_sha256: createHash('sha256').update(redacted).digest('hex'),
      redactions: { email: 1, card_number: 1 },
      output_chars: redacted.length,
      suggested_severity: 'warning',
      duration_ms: expect.any(Number),
    },
  ]);
  for (const word of ['jane', '4242', 'declined']) expect(service.logged.text()).not.toContain(word);
});

it.each([
  ['no text', {}, [{ path: 'text', message: 'Invalid input: expected string, received undefined' }]],
  ['a text that is none', { text: 7 }, [{ path: 'text', message: 'Invalid input: expected string, received number' }]],
  ['an empty text', { text: '' }, [{ path: 'text', message: 'expected some text' }]],
  ['a blank text', { text: ' \n\t' }, [{ path: 'text', message: 'expected some text' }]],
  [
    'a text over the limit',
    { text: 'x'.repeat(20_001) },
    [{ path: 'text', message: 'Too big: expected string to have <=20000 characters' }],
  ],
  ['another key', { text: 'a', model: 'b' }, [{ path: 'model', message: 'there is no such field' }]],
  ['a list', ['a'], [{ path: '', message: 'Invalid input: expected object, received array' }]],
])('%s is answered 400, and nothing is asked of the model', async (_, given, errors) => {
  const { service, status, body } = await ask(given);
  expect(status).toBe(400);
  expect(body).toEqual({
    type: 'about:blank',
    title: 'Bad Request',
    status: 400,
    detail: 'the body is not {"text": "…"}',
    request_id: 'req-1',
    errors,
  });
  expect(service.logged.of('ai.summarized')).toEqual([]);
});

it('the longest text is taken', async () => {
  expect((await ask({ text: 'x'.repeat(20_000) })).status).toBe(200);
});
