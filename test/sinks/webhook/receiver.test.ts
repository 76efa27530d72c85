// The receiver that docs/destinations.md shows, as it is shown there.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createWebhook } from '../../../src/sinks/webhook/destination.ts';
import { requestOf } from '../../contract/destination.ts';
import { closedPort } from '../../support/http-server.ts';

const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const docs = readFileSync(new URL('../../../docs/destinations.md', import.meta.url), 'utf8');
const [, code = ''] = /```js\n([\s\S]*?)```/.exec(docs) ?? [];

const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill();
});

const start = async () => {
  const port = await closedPort();
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    env: { WEBHOOK_SECRET: secret, PORT: String(port) },
  });
  children.push(child);
  const lines: string[] = [];
  child.stdout?.on('data', (chunk: Buffer) => lines.push(...chunk.toString().trim().split('\n')));
  const url = `http://127.0.0.1:${port}/in`;
  await expect
    .poll(
      () =>
        fetch(url).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 15_000 },
    )
    .toBe(400);
  return { url, lines };
};

const webhookWith = (url: string, secrets: readonly string[]) =>
  createWebhook(
    { name: 'backup', reachesPeople: true, fallback: null, url, secrets, timeoutMs: 5000 },
    createHttpClient(noProxySettings),
  );

it('takes what is signed, each delivery once, and nothing else', async () => {
  const { url, lines } = await start();
  const request = requestOf('trigger');
  expect(await webhookWith(url, [secret]).send(request)).toMatchObject({ outcome: 'delivered', statusCode: 204 });
  expect(await webhookWith(url, ['whsec_bmV3', secret]).send(request)).toMatchObject({ outcome: 'delivered' });
  expect(await webhookWith(url, ['whsec_bmV3']).send(request)).toMatchObject({ outcome: 'permanent', statusCode: 400 });
  await expect.poll(() => lines).toEqual(['trigger payout.failed: po_1']);
});

it('is as short as it says', () => {
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(22);
});
