import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { gatherLines } from '../../src/lib/log.ts';
import { collectLog } from '../support/log.ts';

it('writes one JSON object a line, with the level as a word, the time and the service', () => {
  const logged = collectLog();
  logged.log.warn({ request_id: 'req-1' }, 'page.changed');
  logged.log.info('server.ready');

  const texts = logged.text().split('\n');
  expect(texts).toHaveLength(3);
  expect(texts[2]).toBe('');
  expect(logged.lines).toEqual([
    {
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: 'vendor-signals',
      request_id: 'req-1',
      msg: 'page.changed',
    },
    { level: 'info', time: expect.any(String), service: 'vendor-signals', msg: 'server.ready' },
  ]);
});

it.each(['authorization', 'Authorization', 'stripe-signature', 'routing_key', 'raw', 'password', 'cookie'])(
  'a secret under "%s" is not written, at the top or in what is logged with it',
  (key) => {
    const logged = collectLog();
    logged.log.info({ [key]: 'hush-0', request: { [key]: 'hush-1', headers: { [key]: 'hush-2' } } }, 'request');

    expect(logged.text()).not.toContain('hush');
    expect(logged.lines[0]).toMatchObject({
      [key]: '[redacted]',
      request: { [key]: '[redacted]', headers: { [key]: '[redacted]' } },
    });
  },
);

it('a line that belongs to a trace has its id, and the others have none', () => {
  let traceId: string | undefined = '0af7651916cd43dd8448eb211c80319c';
  const logged = collectLog('info', () => traceId);
  logged.log.info('within');
  traceId = undefined;
  logged.log.info('without');
  expect(logged.lines[0]).toMatchObject({ msg: 'within', trace_id: '0af7651916cd43dd8448eb211c80319c' });
  expect(logged.lines[1]).not.toHaveProperty('trace_id');
});

it('writes nothing below its level', () => {
  const logged = collectLog('warn');
  logged.log.info('quiet');
  logged.log.error('loud');
  expect(logged.lines.map(({ msg }) => msg)).toEqual(['loud']);
});

it('is silent when it is told to be', () => {
  const logged = collectLog('silent');
  logged.log.fatal('the end');
  expect(logged.text()).toBe('');
});

it('the lines of one turn go out in one write, and what is left when the process ends at once', async () => {
  const writes: string[] = [];
  const stdout = gatherLines({ write: (text) => void writes.push(text) });
  stdout.write('one\n');
  stdout.write('two\n');
  expect(writes).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(writes).toEqual(['one\ntwo\n']);
  stdout.write('three\n');
  stdout.flush();
  stdout.flush();
  expect(writes).toEqual(['one\ntwo\n', 'three\n']);
});

it('a disk that takes no more lines ends nothing', async () => {
  const script = `
    import { createLog, createStdout } from '${new URL('../../src/lib/log.ts', import.meta.url).href}';
    const stdout = createStdout();
    process.once('exit', stdout.flush);
    const log = createLog('info', stdout);
    let turns = 0;
    const timer = setInterval(() => {
      log.info({ turns }, 'nowhere to go');
      if (++turns < 5) return;
      clearInterval(timer);
      process.stderr.write('went on');
    });`;
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', full, 'pipe'] });
  const ended = once(child, 'exit');
  expect(await text(child.stderr ?? Readable.from([]))).toBe('went on');
  expect(await ended).toEqual([0, null]);
});

it('a reader that is slow holds nothing up, and gets every line', async () => {
  const script = `
    import { createLog, createStdout } from '${new URL('../../src/lib/log.ts', import.meta.url).href}';
    const log = createLog('info', createStdout());
    // As Node has it for whoever asks whether it is a terminal: a write to a full pipe fails.
    process.stdout.isTTY;
    process.stdin.once('end', () => process.exit()).resume();
    let at = 0;
    const timer = setInterval(() => {
      for (let line = 0; line < 100; line++) log.info({ at: at++, fill: 'x'.repeat(500) }, 'line');
      if (at < 4000) return;
      clearInterval(timer);
      process.stderr.write('went on');
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stderr, 'data');
  const seen: number[] = [];
  for await (const line of createInterface(child.stdout)) {
    seen.push(JSON.parse(line).at);
    if (seen.length === 4000) child.stdin.end();
  }
  expect(seen).toEqual(Array.from({ length: 4000 }, (_, at) => at));
});

it('what waits for a reader when the process ends at once is written as fast as it is read', async () => {
  const script = `
    import { createLog, createStdout } from '${new URL('../../src/lib/log.ts', import.meta.url).href}';
    const stdout = createStdout();
    process.once('exit', stdout.flush);
    const log = createLog('info', stdout);
    process.stdout.isTTY;
    for (let at = 0; at < 12000; at++) log.info({ at, fill: 'x'.repeat(500) }, 'line');
    log.fatal('why it ends');
    process.exit(1);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = (await text(child.stdout)).trimEnd().split('\n');
  expect(lines.length).toBe(12_001);
  expect(JSON.parse(lines.at(-1) ?? '').msg).toBe('why it ends');
});
