import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { replay } from '../../scripts/replay-file.ts';

const outage = await readFile(new URL('../../fixtures/replay/acme_outage.jsonl', import.meta.url), 'utf8');
const calls = (steps: Awaited<ReturnType<typeof replay>>['steps']) =>
  steps.map(({ pages }) => pages.map(({ action, summary }) => `${action} ${summary}`).toSorted());

it('pages as a careful person would through an outage with a stale copy and a failed poll in its middle', async () => {
  const { steps, open } = await replay(outage, { page: 'acme', routeWarning: false });
  expect(calls(steps)).toEqual([
    [],
    [],
    // The incident and the component are one outage.
    ['trigger Card payments are failing (Acme Pay)', 'trigger Payments API: major_outage (Acme Pay)'],
    [],
    [],
    [],
    ['resolve Card payments are failing (Acme Pay)'],
  ]);
  expect(steps.map(({ note }) => note.split(':')[0])).toEqual([
    'read',
    'read',
    'read',
    'not used',
    'not used',
    'read',
    'read',
  ]);
  expect(open).toEqual([]);
});

it('pages for warnings too when it is told to', async () => {
  const { steps } = await replay(outage, { page: 'acme', routeWarning: true });
  expect(calls(steps)[1]).toEqual([
    'trigger Card payments are failing (Acme Pay)',
    'trigger Payments API: degraded_performance (Acme Pay)',
  ]);
  // The incident became critical, which is told under the same key.
  expect(calls(steps)[2]).toEqual(['trigger Card payments are failing (Acme Pay)']);
});

it.each([
  ['is no JSON', '{"captured_at":"2026-01-01T00:00:00Z","body":{}}\nhello', /^line 2 is not/],
  ['has no time', '{"body":{}}', /^line 1 is not/],
  ['has a time that is none', '{"captured_at":"soon","body":{}}', /captured_at is not a time/],
])('names a line that %s', async (_what, text, message) => {
  await expect(replay(text, { page: 'acme', routeWarning: false })).rejects.toThrow(message);
});
