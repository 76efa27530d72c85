import { mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openRulesFile, type RulesFile } from '../../src/config/file.ts';
import type { LastGoodPort, LastGoodRules } from '../../src/config/last-good.ts';
import { readRulesText } from '../../src/config/read-rules-text.ts';
import { reportWithoutFile } from '../../src/config/rules-report.ts';
import { environmentRules, type Rules } from '../../src/domain/rules/rules.ts';
import { createClock } from '../support/clock.ts';
import { collectLog } from '../support/log.ts';
import { load } from '../support/rules.ts';

const path = 'vendor-signals.yaml';
const sending = (name: string) => `version: 1\nroutes: [{ name: ${name}, send: [mock] }]\n`;
const invalid = 'version: 1\nroutes: [{ name: a, send: [mok] }]\n';
const failing = `${sending('a')}tests: [{ name: t, given: { page: braze }, expect: { sent: [] } }]\n`;

/** What the store keeps, which can be made to fail. */
const createLastGood = (kept: LastGoodRules | null = null) => {
  const state = { kept, fails: false };
  const port: LastGoodPort = {
    loadLastGood: async () => {
      if (state.fails) throw new Error('the store is away');
      return state.kept;
    },
    saveLastGood: async (text, hash, at) => {
      if (state.fails) throw new Error('the store is away');
      state.kept = { text, hash, at };
    },
  };
  return { state, port };
};

const opened: RulesFile[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const file of opened.splice(0)) await file.stop();
});

interface Setup {
  readonly text: string | Error;
  readonly lastGood?: ReturnType<typeof createLastGood>;
  readonly clock?: ReturnType<typeof createClock>;
}

/** A file whose content a test sets. */
const open = async ({ text, lastGood = createLastGood(), clock = createClock() }: Setup) => {
  const disk = { text };
  const changes: Rules[] = [];
  const collected = collectLog();
  const file = await openRulesFile({
    path,
    readText: async () => {
      if (disk.text instanceof Error) throw disk.text;
      return disk.text;
    },
    load,
    lastGood: lastGood.port,
    log: collected.log,
    clock: clock.now,
    onChange: (rules) => changes.push(rules),
  });
  opened.push(file);
  return { file, disk, changes, log: collected, lastGood, clock };
};

const routeOf = (rules: Rules): string | undefined => rules.routes[0]?.name;
const missing = Object.assign(new Error('gone'), { code: 'ENOENT' });
const told = 'vendor-signals.yaml:2:28: there is no destination "mok" (did you mean "mock"?)';

it('a valid file is taken, kept as the last good one, and reported', async () => {
  const { file, lastGood } = await open({ text: sending('first') });
  expect(routeOf(file.rules())).toBe('first');
  const hash = lastGood.state.kept?.hash;
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  expect(file.report()).toEqual({
    file: path,
    hash,
    loaded_at: '2026-03-01T12:00:00.000Z',
    last_load: { ok: true, at: '2026-03-01T12:00:00.000Z', problems: [] },
    rules: {
      version: 1,
      timezone: 'UTC',
      fold: 'outage',
      max_silence: '7d',
      routes: [{ name: 'first', send: ['mock'], place: 'vendor-signals.yaml:2' }],
    },
  });
});

it.each([
  ['an invalid file', invalid, told],
  ['a file whose tests fail', failing, 'vendor-signals.yaml:3:9: the test "t" failed: expected sent [], got [mock]'],
  ['a file that is not there', missing, 'vendor-signals.yaml:1:1: the file cannot be read: there is no such file'],
  ['a read that fails', new Error('?'), 'vendor-signals.yaml:1:1: the file cannot be read: unknown error'],
])('%s stops the start, with all problems, where there is no last good one', async (_, text, problem) => {
  await expect(open({ text })).rejects.toMatchObject({
    code: 'config_invalid',
    problems: [expect.stringContaining(problem)],
  });
});

it.each([
  ['an invalid file', invalid],
  ['a file whose tests fail', failing],
  ['a file that is not there', missing],
])('%s falls back to the last good one, as an error', async (_, text) => {
  const lastGood = createLastGood({ text: sending('kept'), hash: 'h', at: '2026-02-01T00:00:00.000Z' });
  const { file, log } = await open({ text, lastGood });
  expect(routeOf(file.rules())).toBe('kept');
  expect(file.report()).toMatchObject({
    hash: 'h',
    loaded_at: '2026-02-01T00:00:00.000Z',
    last_load: { ok: false, at: '2026-03-01T12:00:00.000Z', problems: [{ line: expect.any(Number) }] },
  });
  expect(log.of('rules.refused')).toMatchObject([
    { level: 'error', file: path, going_on_with: 'the rules of 2026-02-01T00:00:00.000Z' },
  ]);
  expect(lastGood.state.kept?.text).toBe(sending('kept'));
});

it('a last good file that is not good any more is no way out', async () => {
  const lastGood = createLastGood({ text: 'version: 0', hash: 'h', at: '2026-02-01T00:00:00.000Z' });
  await expect(open({ text: invalid, lastGood })).rejects.toMatchObject({ problems: [told] });
});

it('a changed file is taken at the next look, and an unchanged one is not read into rules again', async () => {
  vi.useFakeTimers();
  const { file, disk, changes } = await open({ text: sending('first') });
  file.watch();
  file.watch();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(changes).toEqual([]);
  disk.text = sending('second');
  await vi.advanceTimersByTimeAsync(9_000);
  expect(changes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(changes.map(routeOf)).toEqual(['second']);
  expect(routeOf(file.rules())).toBe('second');
  await file.stop();
  disk.text = sending('third');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(routeOf(file.rules())).toBe('second');
});

it('a file that is being written is taken when it stands still, and neither used nor refused before', async () => {
  vi.useFakeTimers();
  const { file, disk, changes, log } = await open({ text: sending('first') });
  file.watch();
  disk.text = '';
  await vi.advanceTimersByTimeAsync(10_300);
  disk.text = sending('half');
  await vi.advanceTimersByTimeAsync(9_800);
  disk.text = sending('whole');
  await vi.advanceTimersByTimeAsync(9_000);
  expect(changes).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_500);
  expect(changes.map(routeOf)).toEqual(['whole']);
  expect(log.of('rules.refused')).toEqual([]);
});

it('an invalid change is refused once, and the rules go on', async () => {
  vi.useFakeTimers();
  const { file, disk, changes, log, lastGood, clock } = await open({ text: sending('first') });
  file.watch();
  disk.text = invalid;
  clock.advance(60_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(routeOf(file.rules())).toBe('first');
  expect(changes).toEqual([]);
  expect(log.of('rules.refused').map(({ problems }) => problems)).toEqual([[told]]);
  expect(file.report()).toMatchObject({
    loaded_at: '2026-03-01T12:00:00.000Z',
    last_load: { ok: false, at: '2026-03-01T12:01:00.000Z' },
  });
  expect(lastGood.state.kept?.text).toBe(sending('first'));
  disk.text = sending('first');
  await vi.advanceTimersByTimeAsync(10_500);
  expect(file.report().last_load?.ok).toBe(true);
});

it('a file that disappears is refused, and one that comes back is taken', async () => {
  const { file, disk, log } = await open({ text: sending('first') });
  disk.text = missing;
  await file.reload();
  expect(file.report().last_load).toMatchObject({
    ok: false,
    problems: [{ message: 'the file cannot be read: there is no such file' }],
  });
  expect(log.of('rules.refused')).toHaveLength(1);
  disk.text = sending('second');
  await file.reload();
  expect(routeOf(file.rules())).toBe('second');
});

it('SIGHUP reads the file even if it has not changed, for what it takes from other files may have', async () => {
  const { file, changes } = await open({ text: sending('first') });
  await file.reload();
  expect(changes.map(routeOf)).toEqual(['first']);
});

it('a store that is away costs the copy, not the rules', async () => {
  const lastGood = createLastGood();
  const { file, disk, log } = await open({ text: sending('first'), lastGood });
  lastGood.state.fails = true;
  disk.text = sending('second');
  await file.reload();
  expect(routeOf(file.rules())).toBe('second');
  expect(log.of('rules.last_good_not_saved')).toHaveLength(1);
});

it('a start with a broken file and a store that is away tells the problems of the file', async () => {
  const lastGood = createLastGood({ text: sending('kept'), hash: 'h', at: '2026-02-01T00:00:00.000Z' });
  lastGood.state.fails = true;
  await expect(open({ text: invalid, lastGood })).rejects.toMatchObject({ problems: [told] });
});

it('the rules of a start hold while the store is still saving their copy', async () => {
  const lastGood = createLastGood();
  const saving = Promise.withResolvers<void>();
  vi.spyOn(lastGood.port, 'saveLastGood').mockReturnValue(saving.promise);
  const { file } = await open({ text: sending('first'), lastGood });
  expect(routeOf(file.rules())).toBe('first');
  saving.resolve();
});

it('new rules hold while the store is still saving their copy', async () => {
  const lastGood = createLastGood();
  const { file, disk, changes } = await open({ text: sending('first'), lastGood });
  const saving = Promise.withResolvers<void>();
  vi.spyOn(lastGood.port, 'saveLastGood').mockReturnValue(saving.promise);
  disk.text = sending('second');
  const reloading = file.reload();
  await vi.waitFor(() => expect(changes.map(routeOf)).toEqual(['second']));
  expect(routeOf(file.rules())).toBe('second');
  saving.resolve();
  await reloading;
});

it('a replica whose rules are older than those of another says so once, until they are alike', async () => {
  const { file, disk, log, lastGood } = await open({ text: sending('first') });
  await file.reload();
  expect(file.isOutdated()).toBe(false);
  await lastGood.port.saveLastGood(sending('second'), 'other', '2026-03-01T12:05:00.000Z');
  vi.useFakeTimers();
  file.watch();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(file.isOutdated()).toBe(true);
  expect(log.of('rules.other_replica_differs')).toMatchObject([{ level: 'error', newest: 'other' }]);
  disk.text = sending('second');
  await vi.advanceTimersByTimeAsync(10_500);
  expect(file.isOutdated()).toBe(false);
});

it('a listener that throws ends neither the rules nor the watch', async () => {
  const collected = collectLog();
  let text = sending('first');
  const file = await openRulesFile({
    path,
    readText: async () => text,
    load,
    lastGood: createLastGood().port,
    log: collected.log,
    clock: createClock().now,
    onChange: () => {
      throw new Error('a fault of ours');
    },
  });
  text = sending('second');
  await file.reload();
  expect(routeOf(file.rules())).toBe('second');
  expect(collected.of('rules.reload_failed')).toHaveLength(1);
  text = sending('third');
  await file.reload();
  expect(routeOf(file.rules())).toBe('third');
});

it('neither the log nor the report has a secret', async () => {
  const text = `version: 1
destinations: { a: { type: teams, url: "\${BACKUP_URL}" } }
routes: [{ name: r, send: [a] }]
`;
  const { file, disk, log } = await open({ text });
  disk.text = text.replace('[a]', `["\${BACKUP_URL}"]`);
  await file.reload();
  expect(file.report().last_load?.ok).toBe(false);
  expect(`${log.text()}${JSON.stringify(file.report())}`).not.toContain('4f1c9a');
});

it('a real file is read through a symbolic link that is exchanged, as Kubernetes does it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'));
  try {
    await writeFile(join(folder, 'one.yaml'), sending('one'));
    await writeFile(join(folder, 'two.yaml'), sending('two'));
    await symlink('one.yaml', join(folder, path));
    const changes: Rules[] = [];
    const file = await openRulesFile({
      path,
      readText: () => readRulesText(join(folder, path)),
      load,
      lastGood: createLastGood().port,
      log: collectLog().log,
      clock: createClock().now,
      onChange: (rules) => changes.push(rules),
    });
    await symlink('two.yaml', join(folder, 'next'));
    await rename(join(folder, 'next'), join(folder, path));
    await file.reload();
    expect(changes.map(routeOf)).toEqual(['two']);
    await unlink(join(folder, path));
    await file.reload();
    expect(file.report().last_load?.ok).toBe(false);
    await writeFile(join(folder, 'large.yaml'), Buffer.alloc(5_000_000, 32));
    await expect(readRulesText(join(folder, 'large.yaml'))).rejects.toMatchObject({ code: 'EFBIG' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('without a file the report says so, with the rules of the environment', () => {
  const rules = environmentRules({ routeWarning: true, destinations: ['mock'] });
  expect(reportWithoutFile(rules)).toMatchObject({ file: null, hash: null, loaded_at: null, last_load: null });
  expect(JSON.stringify(reportWithoutFile(rules).rules)).toContain('ROUTE_WARNING=true sends warning events');
});
