import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createRefuseRequest } from '../../src/http/refuse-request.ts';
import { collectLog } from '../support/log.ts';

it('an error without a code, on a connection that tells no address, is answered and logged all the same', async () => {
  const logged = collectLog();
  const socket = new PassThrough();
  createRefuseRequest(logged.log, () => 0).bytes(new Error('odd'), socket);
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(answer).toContain('"detail":"the request is not HTTP that we can read"');
  const [line] = logged.of('request.malformed');
  expect(line).toMatchObject({ status: 400 });
  expect(line).not.toHaveProperty('address');
});

it('what was thrown and is no error is answered without its text', async () => {
  const response = createRefuseRequest(undefined, () => 0).target('a secret');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ detail: 'the request cannot be read' });
});
