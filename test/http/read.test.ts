import { expect, it } from 'vitest';
import { startService } from '../support/service.ts';

const ask = async (body: string | Uint8Array<ArrayBuffer>) => {
  const { request } = await startService();
  const response = await request('/ai/summarize', { method: 'POST', body });
  return { status: response.status, body: await response.json() };
};

it.each([
  ['empty', ''],
  ['no JSON', 'text=hello'],
  ['half of a JSON', '{"text":"a'],
  ['two of them', '{"text":"a"}{"text":"b"}'],
])('a body that is %s is not JSON', async (_, body) => {
  expect(await ask(body)).toMatchObject({ status: 400, body: { detail: 'the body is not JSON' } });
});

it.each([
  ['a stray byte', [0x22, 0xff, 0x22]],
  ['an overlong NUL', [0x22, 0xc0, 0x80, 0x22]],
  ['half of a surrogate pair', [0x22, 0xed, 0xa0, 0xbd, 0x22]],
  ['a character that ends too early', [0x22, 0xe2, 0x82]],
])('a body with %s is not UTF-8', async (_, bytes) => {
  expect(await ask(new Uint8Array(bytes))).toMatchObject({
    status: 400,
    body: { detail: 'the body is not valid UTF-8' },
  });
});

it('each field that does not fit is named with its path', async () => {
  const { body } = await ask('{"text":7,"more":true}');
  expect(body).toMatchObject({
    title: 'Bad Request',
    detail: 'the body is not {"text": "…"}',
    errors: [
      { path: 'text', message: 'Invalid input: expected string, received number' },
      { path: 'more', message: 'there is no such field' },
    ],
  });
});

it('a key called __proto__ is a key that nobody knows, and changes no prototype', async () => {
  expect(await ask('{"text":"a","__proto__":{"polluted":true}}')).toMatchObject({ status: 400 });
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

it('a body that is nested too deep to be written back is refused', async () => {
  const { status, body } = await ask(`{"text":${'['.repeat(5000)}${']'.repeat(5000)}}`);
  expect({ status, body }).toMatchObject({
    status: 400,
    body: { detail: 'the body cannot be read: it is nested more than 200 levels deep' },
  });
});

it.each(['gzip', 'br'])('a body in %s is refused by the name of its encoding', async (encoding) => {
  const { request } = await startService();
  const headers = { 'content-encoding': encoding };
  const response = await request('/ai/summarize', { method: 'POST', headers, body: new Uint8Array([0x1f, 0x8b]) });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    detail: `the body came with Content-Encoding: ${encoding}: send it plain`,
  });
});
