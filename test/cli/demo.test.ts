import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { runCommand, spawnCommand } from '../support/cli.ts';
import { network } from '../support/network.ts';

it('shows events kept once, who was told and why, and one outage as one alert', async () => {
  const { code, stdout, stderr } = await runCommand(['demo']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('{"received":true,"deduped":true}');
  expect(stdout).toContain('4 events, 2 notifications, 3 duplicates of which nobody was told.');
  expect(stdout).toContain('Not sent: warning events are sent only if ROUTE_WARNING=true.');
  expect(stdout).toContain('Four events of the vendor, 1 alert');
});

it('without --keep it tells how to start a service that one can go on with', async () => {
  const { stdout } = await runCommand(['demo']);
  expect(stdout).toContain('npm run demo -- --keep');
  expect(stdout).toContain('npm start      runs your own, at http://127.0.0.1:3000/');
});

it('--keep ends at once when it was stopped meanwhile', async () => {
  const { code, stdout } = await runCommand(['demo', '--keep'], { stopped: AbortSignal.abort() });
  expect(code).toBe(0);
  expect(stdout).toContain('Go on (stop with Ctrl-C):');
  const [, url = ''] = /open (\S+)\/ in a browser/.exec(stdout) ?? [];
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

it('what is not as it should be is told, and ends it with 1', async () => {
  network.use(http.post('http://127.0.0.1:*/ingest/pull-status', () => HttpResponse.json({ fetched: {} })));
  const { code, stderr } = await runCommand(['demo']);
  expect(code).toBe(1);
  expect(stderr).toContain('This is not as it should be:\n  the first pull: expected {');
  expect(stderr).toContain(', got {"fetched":{}}\n');
});

it('--keep leaves the service running until it is stopped', async () => {
  const child = await spawnCommand(['demo', '--keep']);
  let alive: unknown;
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /open (\S+)\/ in a browser/.exec(line) ?? [];
    if (url === undefined) continue;
    alive = await (await fetch(`${url}/healthz`)).json();
    child.kill('SIGINT');
  }
  expect(alive).toEqual({ ok: true });
  expect(child.exitCode ?? (await once(child, 'close'))[0]).toBe(0);
});
