import { expect, it } from 'vitest';
import {
  type KeptSilence,
  makeRoom,
  maxSilences,
  readSilences,
  toState,
  withChanged,
} from '../../src/pipeline/kept-silences.ts';
import { aSilence } from '../support/silences.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const dayMs = 86_400_000;

/** As many silences as there is room for, of which these have ended. */
const full = (ended: Readonly<Record<string, number>>) => ({
  silences: Array.from({ length: maxSilences }, (_, at) => aSilence(`s${at}`)),
  endedAtMs: ({ id }: KeptSilence) => ended[id] ?? null,
});

it('nothing is kept before the first silence, and all of what was kept is read again', () => {
  expect(readSilences(null)).toEqual({ silences: [], unreadable: 0 });
  expect(readSilences(toState([aSilence('a')]))).toEqual({ silences: [aSilence('a')], unreadable: 0 });
});

it('a silence that cannot be read is left out and counted, and so is a state that is none', () => {
  const state = { silences: [aSilence('a'), { ...aSilence('b'), when: { colour: 'red' } }] };
  expect(readSilences(state)).toEqual({ silences: [aSilence('a')], unreadable: 1 });
  expect(readSilences('silences')).toEqual({ silences: [], unreadable: 1 });
});

it('a change of one silence leaves the others as they are', () => {
  const changed = withChanged([aSilence('a'), aSilence('b')], 'b', (silence) => ({ ...silence, because: 'Later' }));
  expect(changed.map(({ because }) => because)).toEqual(['They move', 'Later']);
});

it('an ended silence can be read for 30 days', () => {
  const endedAtMs = ({ id }: KeptSilence) => (id === 'open' ? null : nowMs - Number(id) * dayMs);
  const kept = makeRoom([aSilence('29'), aSilence('30'), aSilence('open')], endedAtMs, nowMs);
  expect(kept?.map(({ id }) => id)).toEqual(['29', 'open']);
});

it('where there is no room, the silence that ended first makes it', () => {
  const { silences, endedAtMs } = full({ s3: nowMs - dayMs, s5: nowMs - 2 * dayMs, s7: nowMs });
  const kept = makeRoom(silences, endedAtMs, nowMs);
  expect(kept).toHaveLength(maxSilences - 1);
  expect(kept?.map(({ id }) => id)).not.toContain('s5');
});

it('there is no room where nothing has ended', () => {
  const { silences, endedAtMs } = full({});
  expect(makeRoom(silences, endedAtMs, nowMs)).toBeNull();
});
