import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { inOrder } from '../../../src/cli/replay/play-all.ts';
import { readRecording } from '../../../src/cli/replay/read-recording.ts';
import type { Recorded } from '../../../src/cli/replay/recording.ts';
import { emptyFolder } from '../../support/script.ts';

const read = async (content: string | Buffer, name = 'acme.jsonl'): Promise<readonly Recorded[]> => {
  const file = join(await emptyFolder(), name);
  await writeFile(file, content);
  return [...(await readRecording(file)).recorded];
};

const lines = (...values: readonly unknown[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

const secondMs = Date.parse('2026-01-01T00:01:00Z');
const whole = lines(
  { captured_at: '2026-01-01T00:00:00Z', body: { page: 1 } },
  { captured_at: '2026-01-01T01:01:00+01:00', body: null },
);

it('reads polls, one a line, with any offset, and any answer as the body', async () => {
  expect(await read(`${whole}\n\n`)).toEqual([
    { atMs: secondMs - 60_000, body: { page: 1 } },
    { atMs: secondMs, body: null },
  ]);
});

it('reads a last line that has no end, and one that holds no answer', async () => {
  expect(await read('{"t":100}\n{"t":160,"raw":"down"}')).toEqual([
    { atMs: 100_000, body: null },
    { atMs: 160_000, body: 'down' },
  ]);
});

it('reads what is compressed, whatever it is called', async () => {
  expect(await read(gzipSync(whole))).toHaveLength(2);
});

it('reads lines that hold only what changed', async () => {
  const a = { id: 'a', status: 'operational' };
  const b = { id: 'b', status: 'operational' };
  const text = lines(
    { t: 100, d: { page: { id: 'p' }, components: { set: [a, b], order: ['a', 'b'] }, incidents: { raw: null } } },
    { t: 160, n: 'stale', d: { page: { id: 'p' }, components: { set: [{ ...b, status: 'major_outage' }] } } },
    { t: 220, raw: { status: 500 } },
    { t: 280, d: { page: { id: 'p' }, components: { order: ['b'] } } },
  );
  expect(await read(text)).toEqual([
    { atMs: 100_000, body: { page: { id: 'p' }, components: [a, b], incidents: null } },
    { atMs: 160_000, body: { page: { id: 'p' }, components: [a, { id: 'b', status: 'major_outage' }] } },
    { atMs: 220_000, body: { status: 500 } },
    { atMs: 280_000, body: { page: { id: 'p' }, components: [{ id: 'b', status: 'major_outage' }] } },
  ]);
});

it.each([
  ['is no JSON', '{"captured_at":"2026-01-01T00:00:00Z","body":{}}\nhello\n', /^line 2 of .*acme.jsonl is neither /],
  ['has no time', '{"body":{}}\n', /^line 1 of .*: captured_at is not a time$/],
  ['has a time in ms', '{"t":1770732000000,"d":{}}\n', /its time is not between 1970 and 9999$/],
  ['has an event of the far future', '{"object":"event","created":99999999999999}\n', /not between 1970 and 9999$/],
  ['has a time that is none', '{"captured_at":"soon","body":{}}\n', /captured_at is not a time$/],
  ['holds a list that is none', '{"t":1,"d":{"components":{"set":7}}}\n', /^line 1 of /],
])('a line that %s is named', async (_what, text, message) => {
  await expect(read(text)).rejects.toThrow(message);
});

it('a file that is not there, and one that is cut off, are told in words', async () => {
  await expect(readRecording('nowhere.jsonl')).rejects.toThrow('nowhere.jsonl cannot be read: there is no such file');
  await expect(read(gzipSync(whole).subarray(0, 40))).rejects.toThrow(/acme.jsonl cannot be read: /);
});

it('several recordings of one status page become one, in order of time', () => {
  const of = (...times: readonly number[]) => ({
    count: times.length,
    recorded: times.map((atMs) => ({ atMs, body: null })),
  });
  expect([...inOrder([of(1, 4, 5), of(), of(2, 3, 6)])].map(({ atMs }) => atMs)).toEqual([1, 2, 3, 4, 5, 6]);
});
