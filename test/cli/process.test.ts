// What only a process of its own shows: exit codes, pipes that are closed, signals, and what is loaded.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runProcess, spawnCommand } from '../support/cli.ts';
import { webhookSecret } from '../support/stripe.ts';

const payout = fileURLToPath(new URL('../../fixtures/stripe/payout_failed.json', import.meta.url));

it.each<[string, readonly string[], number, 'stdout' | 'stderr']>([
  ['nothing', [], 0, 'stdout'],
  ['what it can do', ['explain', payout], 0, 'stdout'],
  ['what it cannot do', ['explain', 'nowhere.json'], 1, 'stderr'],
  ['a check that fails', ['check'], 1, 'stdout'],
  ['what it does not know', ['frobnicate'], 2, 'stderr'],
])('asked for %s (%j) it ends with its exit code', async (_what, argv, code, stream) => {
  const end = await runProcess(argv);
  expect(end.code).toBe(code);
  expect(end[stream]).not.toBe('');
  expect(end.stdout + end.stderr).not.toContain('    at ');
  expect(end.stdout).not.toContain('\u001b');
});

it('a reader that goes away early, such as head, is no failure', async () => {
  const child = await spawnCommand(['schema']);
  child.stdout.once('data', () => child.stdout.destroy());
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'close');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it('an stderr that nobody reads changes nothing of the exit code', async () => {
  const child = await spawnCommand(['frobnicate']);
  child.stderr.destroy();
  expect(await once(child, 'close')).toEqual([2, null]);
});

it.each([['start'], ['check'], ['alerts'], ['explain', payout]])(
  '%s says what is wrong with a .env that is a folder, without a stack',
  async (...argv) => {
    const child = await spawnCommand(argv.filter(Boolean), {}, (folder) => mkdir(join(folder, '.env')));
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        output += data;
      });
    expect(await once(child, 'close')).toEqual([1, null]);
    expect(output).toContain('.env: it cannot be read: it is a folder');
    expect(output).not.toContain('    at ');
  },
);

it('start runs the service until SIGTERM', async () => {
  const env = { STRIPE_WEBHOOK_SECRET: webhookSecret, HOST: '127.0.0.1', PORT: '0', LOG_FORMAT: 'json' };
  const child = await spawnCommand(['start'], env);
  const seen: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg } = JSON.parse(line);
    seen.push(msg);
    if (msg === 'server.ready') child.kill('SIGTERM');
  }
  expect(seen).toContain('server.listening');
  expect(seen.at(-1)).toBe('server.stopped');
  expect(child.exitCode ?? (await once(child, 'close'))[0]).toBe(0);
});

it.each([['--help'], ['replay', '--help'], ['check', '--help'], ['explain', '--help']])(
  '%s %s loads no package',
  async (...argv) => {
    const listing = fileURLToPath(new URL('../support/list-modules.ts', import.meta.url));
    const launcher = fileURLToPath(new URL('../../bin/vendor-signals.js', import.meta.url));
    const child = spawn(process.execPath, ['--import', listing, launcher, ...argv.filter(Boolean)]);
    child.stdout.resume();
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  },
);
