import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { closedPort, startHttpServer } from '../support/http-server.ts';

const script = fileURLToPath(new URL('../../deploy/health-check.ts', import.meta.url));

/** The exit code and what was printed. */
const checkHealth = (port: number): Promise<readonly [number | null, string]> => {
  const child = spawn(process.execPath, [script], { env: { PORT: String(port) } });
  let printed = '';
  child.stdout.on('data', (data) => {
    printed += data;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve([code, printed.trim()])));
};

/** A server that answers every request with this status, or not at all; gives its port. */
const serve = async (status: number | null): Promise<number> => {
  const url = await startHttpServer((request, response) => {
    if (status === null) return;
    response.writeHead(request.url === '/readyz' ? status : 500).end('{"checks":"…"}');
  });
  return Number(new URL(url).port);
};

it('a service that is ready is healthy', async () => {
  expect(await checkHealth(await serve(200))).toEqual([0, '200 {"checks":"…"}']);
});

it.each([503, 404, 302])('one that answers %i is not, and the answer is told', async (status) => {
  expect(await checkHealth(await serve(status))).toEqual([1, `${status} {"checks":"…"}`]);
});

it('one that does not answer is not', async () => {
  expect(await checkHealth(await serve(null))).toEqual([1, 'no answer within 4000 ms']);
});

it('a port on which nobody listens is not', async () => {
  expect(await checkHealth(await closedPort())).toEqual([1, expect.stringContaining('ECONNREFUSED')]);
});
