import { expect, it } from 'vitest';
import { afterFailure, afterSilence } from '../../../src/ingest/polling/after-failure.ts';
import { examine } from '../../../src/ingest/polling/examine.ts';
import { type PageMemory, readPageMemory, shownState } from '../../../src/ingest/polling/page-state.ts';

const staleAfterMs = 900_000;
const at = (minute: number) => Date.parse('2026-03-01T12:00:00Z') + minute * 60_000;
const iso = (minute: number) => new Date(at(minute)).toISOString();
const unknown = readPageMemory(undefined);
const look = (memory: PageMemory, minute: number, pageId: string, updatedAt: string | null = null) =>
  examine(memory, { pageId, updatedAt }, at(minute), staleAfterMs);
const good = (minute: number, updatedAt: string | null = null) => look(unknown, minute, 'acme', updatedAt).memory;
const fail = (memory: PageMemory, minute: number, retryAfterMs?: number) =>
  afterFailure(memory, `failure of minute ${minute}`, at(minute), staleAfterMs, retryAfterMs);

/** Looks at these copies, one a minute from the first minute on, and gives the verdicts. */
const lookAll = (start: PageMemory, first: number, copies: readonly (readonly [string, string | null])[]) => {
  let memory = start;
  const verdicts = copies.map(([pageId, updatedAt], index) => {
    const examined = look(memory, first + index, pageId, updatedAt);
    memory = examined.memory;
    return examined.verdict;
  });
  return { memory, verdicts };
};
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

it('knows nothing of a page that was never fetched, or whose state cannot be read', () => {
  expect(unknown).toMatchObject({ condition: 'unknown', page_id: null, consecutive_failures: 0 });
  expect(readPageMemory({ condition: 'odd' })).toEqual(unknown);
});

it('reads back what it was, and what the version before wrote', () => {
  const memory = fail(good(0, iso(0)), 1);
  expect(readPageMemory(JSON.parse(JSON.stringify(memory)))).toEqual(memory);
  const before = shownState(good(0, iso(0)));
  expect(readPageMemory(JSON.parse(JSON.stringify(before)))).toEqual(good(0, iso(0)));
});

it('shows nothing but what GET /pages has', () => {
  expect(shownState(good(0, iso(-5)))).toEqual({
    condition: 'good',
    page_id: 'acme',
    newest_updated_at: iso(-5),
    last_good_at: iso(0),
    last_attempt_at: iso(0),
    last_error: null,
    consecutive_failures: 0,
    failing_since: null,
    candidate: null,
  });
});

it('becomes blind when it has failed for long enough, counted from the first failure', () => {
  let memory = good(0);
  const conditions = [1, 8, 15, 16, 17].map((minute) => {
    memory = fail(memory, minute);
    return memory.condition;
  });
  expect(conditions).toEqual(['failing', 'failing', 'failing', 'blind', 'blind']);
  expect(memory).toMatchObject({ failing_since: iso(1), consecutive_failures: 5, last_error: 'failure of minute 17' });
});

it('starts counting anew after a good fetch', () => {
  const { memory } = look(fail(good(0), 1), 2, 'acme');
  expect(memory).toMatchObject({ condition: 'good', failing_since: null, consecutive_failures: 0, last_error: null });
  expect(fail(memory, 20)).toMatchObject({ condition: 'failing', failing_since: iso(20) });
});

it.each([
  ['older', iso(-1), 'stale'],
  ['equal', iso(0), 'good'],
  ['newer', iso(1), 'good'],
  ['without a time', null, 'good'],
])('judges a copy that is %s', (_what, updatedAt, verdict) => {
  expect(look(good(0, iso(0)), 2, 'acme', updatedAt).verdict).toBe(verdict);
});

it('remembers the newest copy through one without a time', () => {
  expect(look(look(good(0, iso(0)), 1, 'acme').memory, 2, 'acme', iso(-1)).verdict).toBe('stale');
});

it('goes blind on nothing but stale copies, without counting them as failures', () => {
  const { memory } = lookAll(fail(good(0, iso(0)), 1), 2, times(14, ['acme', iso(-1)]));
  expect(memory.condition).toBe('stale');
  expect(look(memory, 16, 'acme', iso(-1)).memory).toMatchObject({
    condition: 'blind',
    failing_since: iso(1),
    consecutive_failures: 0,
  });
});

it('adopts an older copy that has answered without a break for long enough', () => {
  const { memory, verdicts } = lookAll(good(0, iso(0)), 1, times(15, ['acme', iso(-60)]));
  expect(verdicts).toEqual(times(15, 'stale'));
  expect(look(memory, 16, 'acme', iso(-60))).toMatchObject({
    verdict: 'good',
    adopted: 'older_copy',
    memory: { condition: 'good', newest_updated_at: iso(-60), stale_since: null },
  });
});

it.each([
  ['a failure', (memory: PageMemory) => fail(memory, 8)],
  ['another page', (memory: PageMemory) => look(memory, 8, 'other').memory],
  ['a new copy', (memory: PageMemory) => look(memory, 8, 'acme', iso(0)).memory],
])('starts counting anew when older copies are interrupted by %s', (_what, interrupt) => {
  const { memory } = lookAll(good(0, iso(0)), 1, times(7, ['acme', iso(-60)]));
  expect(look(interrupt(memory), 16, 'acme', iso(-60))).toMatchObject({
    verdict: 'stale',
    memory: { stale_since: iso(16) },
  });
});

it.each([
  ['2099', '2099-01-01T00:00:00.000Z', iso(1)],
  ['six minutes from now', iso(6), iso(1)],
])('does not remember a copy of %s as the newest', (_when, updatedAt, next) => {
  const memory = good(0, updatedAt);
  expect(memory).toMatchObject({ condition: 'good', newest_updated_at: null });
  expect(look(memory, 1, 'acme', next).verdict).toBe('good');
});

it('keeps the newest copy that it believes through one of the future', () => {
  const { memory } = look(good(0, iso(0)), 1, 'acme', '2099-01-01T00:00:00.000Z');
  expect(memory.newest_updated_at).toBe(iso(0));
});

it('forgets a newest copy of the future that the version before has stored', () => {
  const poisoned = { ...good(0, iso(0)), newest_updated_at: '2099-01-01T00:00:00.000Z' };
  expect(look(poisoned, 1, 'acme', iso(1))).toMatchObject({ verdict: 'good', memory: { newest_updated_at: iso(1) } });
});

it('takes another page for a failure until its id has answered long enough', () => {
  const first = look(good(0, iso(0)), 1, 'other', iso(-60));
  expect(first).toMatchObject({
    verdict: 'wrong_page',
    memory: { page_id: 'acme', consecutive_failures: 1, candidate: { page_id: 'other', since: iso(1) } },
  });
  const later = look(first.memory, 15, 'other', iso(-60));
  expect(later.verdict).toBe('wrong_page');
  expect(look(later.memory, 16, 'other', iso(-60))).toMatchObject({
    verdict: 'good',
    adopted: 'other_page',
    memory: { page_id: 'other', newest_updated_at: iso(-60), candidate: null, candidates: [] },
  });
});

it("never adopts an empty list that could be anybody's", () => {
  const blank = { pageId: 'aws', updatedAt: null, isOfAnybody: true } as const;
  const first = examine(good(0, iso(0)), blank, at(1), staleAfterMs);
  const later = examine(first.memory, blank, at(60), staleAfterMs);
  expect(later).toMatchObject({ verdict: 'wrong_page', memory: { condition: 'blind', page_id: 'acme' } });
  expect(examine(unknown, blank, at(1), staleAfterMs).verdict).toBe('good');
});

it.each([
  ['the page itself', 'acme', iso(0)],
  ['an old copy of the page itself', 'acme', iso(-1)],
])('starts counting anew when another page is interrupted by %s', (_what, pageId, updatedAt) => {
  const first = look(good(0, iso(0)), 1, 'other').memory;
  const broken = look(first, 8, pageId, updatedAt).memory;
  expect(look(broken, 16, 'other')).toMatchObject({ verdict: 'wrong_page', memory: { candidate: { since: iso(16) } } });
});

it('starts counting anew when another page is interrupted by a failure', () => {
  const broken = fail(look(good(0), 1, 'other').memory, 8);
  expect(look(broken, 16, 'other').verdict).toBe('wrong_page');
});

it('adopts a page that moved and answers under two new ids in turn, one of which then answers well', () => {
  const turns: [string, null][] = Array.from({ length: 17 }, (_, turn) => [turn % 2 === 0 ? 'new' : 'newer', null]);
  const { memory, verdicts } = lookAll(good(0), 1, turns);
  expect(verdicts).toEqual([...times(16, 'wrong_page'), 'good']);
  expect(memory).toMatchObject({ page_id: 'new' });
  const after = lookAll(memory, 18, turns.slice(1).concat(turns));
  expect(after.verdicts.filter((verdict) => verdict === 'good').length).toBeGreaterThan(10);
  expect(after.memory.condition).not.toBe('blind');
});

it('never adopts one of many pages that a broken host serves at random', () => {
  const { memory, verdicts } = lookAll(
    good(0),
    1,
    Array.from({ length: 60 }, (_, turn) => [`page ${turn % 30}`, null]),
  );
  expect(new Set(verdicts)).toEqual(new Set(['wrong_page']));
  expect(memory.candidates).toHaveLength(10);
});

it('does not wait for a time that lies ahead because our clock stepped back', () => {
  const stale = look(good(120, iso(0)), 120, 'acme', iso(-1)).memory;
  const steps = lookAll(stale, 1, times(16, ['acme', iso(-1)]));
  expect(steps.verdicts.at(-1)).toBe('good');

  const failing = fail(good(120), 120);
  expect(fail(failing, 1)).toMatchObject({ condition: 'failing', failing_since: iso(1) });

  const other = look(good(120), 120, 'other').memory;
  expect(look(look(other, 1, 'other').memory, 16, 'other')).toMatchObject({ verdict: 'good', adopted: 'other_page' });
});

it('keeps the beginning of a blindness, after which its event is named, when our clock steps back', () => {
  const blind = fail(fail(good(0), 60), 80);
  expect(fail(blind, 10)).toMatchObject({ condition: 'blind', failing_since: iso(60) });
});

it('remembers how long a page wants to be left alone, until it is asked again', () => {
  const left = fail(good(0), 1, 600_000);
  expect(left.retry_at).toBe(iso(11));
  expect(fail(left, 12).retry_at).toBeNull();
  expect(look(left, 12, 'acme').memory.retry_at).toBeNull();
});

it('goes blind while it is left alone', () => {
  const left = fail(good(0), 1, 3_600_000);
  expect(afterSilence(left, at(16), staleAfterMs)).toEqual({ ...left, condition: 'blind' });
});
