import { createServer } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import { connectionLimit, limitConnections, streamLimit } from '../../src/http/connection-limits.ts';
import { collectLog } from '../support/log.ts';

it.each([
  [1_048_576, 8, 10_000],
  [20_000, 8, 10_000],
  [4096, 8, 2048],
  [1024, 8, 512],
  [1024, 400, 96],
  [256, 8, 112],
  [256, 1000, 16],
])('of %i files with %i deliveries at once, %i may be connections', (files, deliveries, connections) => {
  expect(connectionLimit(files, deliveries)).toBe(connections);
});

it.each([
  [10_000, 500],
  [512, 256],
  [16, 8],
])('of %i connections %i may be live streams', (connections, streams) => {
  expect(streamLimit(connections)).toBe(streams);
});

it('refusals of a full server are told at once, and those of the next minute together at its end', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const server = createServer();
  const logged = collectLog();
  limitConnections(server, 5, logged.log);
  const told = () => logged.of('server.connections_full').map(({ refused }) => refused);
  for (let n = 0; n < 4; n += 1) server.emit('drop');
  expect(told()).toEqual([1]);
  vi.advanceTimersByTime(60_000);
  expect(told()).toEqual([1, 3]);
  server.emit('drop');
  vi.advanceTimersByTime(60_000);
  expect(told()).toEqual([1, 3, 1]);
});
