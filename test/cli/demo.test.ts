import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { runCommand, spawnCommand } from '../support/cli.ts';

it('shows events kept once, who was told and why, and one outage as one alert', async () => {
  const { code, stdout, stderr } = await runCommand(['demo']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('{"received":true,"deduped":true}');
  expect(stdout).toContain('4 events, 2 notifications, 3 duplicates of which nobody was told.');
  expect(stdout).toContain('Not sent: warning events are sent only if ROUTE_WARNING=true.');
  expect(stdout).toContain('Four events of the vendor, 1 alert');
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
