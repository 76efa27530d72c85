import { expect, it } from 'vitest';
import { afterFailure, examine, readPageState } from '../../../src/ingest/polling/page-state.ts';

const staleAfterMs = 900_000;
const at = (minute: number) => Date.parse('2026-03-01T12:00:00Z') + minute * 60_000;
const iso = (minute: number) => new Date(at(minute)).toISOString();
const good = (minute: number, updatedAt: string | null = null) => {
  const examined = examine(readPageState(undefined), { pageId: 'acme', updatedAt }, at(minute), staleAfterMs);
  return examined.state;
};

it('knows nothing of a page that was never fetched, or whose state cannot be read', () => {
  expect(readPageState(undefined)).toMatchObject({ condition: 'unknown', page_id: null, consecutive_failures: 0 });
  expect(readPageState({ condition: 'odd' })).toEqual(readPageState(undefined));
});

it('reads back what it was', () => {
  const state = afterFailure(good(0, iso(0)), 'HTTP 503', at(1), staleAfterMs);
  expect(readPageState(JSON.parse(JSON.stringify(state)))).toEqual(state);
});

it('learns the id and the age of a page from its first good fetch', () => {
  expect(good(0, iso(-5))).toEqual({
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
  let state = good(0);
  const conditions = [1, 8, 15, 16, 17].map((minute) => {
    state = afterFailure(state, `failure of minute ${minute}`, at(minute), staleAfterMs);
    return state.condition;
  });
  expect(conditions).toEqual(['failing', 'failing', 'failing', 'blind', 'blind']);
  expect(state).toMatchObject({ failing_since: iso(1), consecutive_failures: 5, last_error: 'failure of minute 17' });
});

it('starts counting anew after a good fetch', () => {
  const failed = afterFailure(good(0), 'x', at(1), staleAfterMs);
  const { state } = examine(failed, { pageId: 'acme', updatedAt: null }, at(2), staleAfterMs);
  expect(state).toMatchObject({ condition: 'good', failing_since: null, consecutive_failures: 0, last_error: null });
  expect(afterFailure(state, 'x', at(20), staleAfterMs)).toMatchObject({
    condition: 'failing',
    failing_since: iso(20),
  });
});

it.each([
  ['older', iso(-1), 'stale'],
  ['equal', iso(0), 'good'],
  ['newer', iso(1), 'good'],
  ['without a time', null, 'good'],
])('judges a copy that is %s', (_what, updatedAt, verdict) => {
  expect(examine(good(0, iso(0)), { pageId: 'acme', updatedAt }, at(2), staleAfterMs).verdict).toBe(verdict);
});

it('remembers the newest copy through one without a time', () => {
  const { state } = examine(good(0, iso(0)), { pageId: 'acme', updatedAt: null }, at(1), staleAfterMs);
  expect(examine(state, { pageId: 'acme', updatedAt: iso(-1) }, at(2), staleAfterMs).verdict).toBe('stale');
});

it('goes blind on nothing but stale copies, without counting them as failures', () => {
  let state = good(0, iso(0));
  for (const minute of [1, 10, 16]) {
    state = examine(state, { pageId: 'acme', updatedAt: iso(-1) }, at(minute), staleAfterMs).state;
  }
  expect(state).toMatchObject({ condition: 'blind', failing_since: iso(1), consecutive_failures: 0 });
});

it('takes another page for a failure until its id has answered long enough', () => {
  const other = { pageId: 'other', updatedAt: iso(-60) };
  const first = examine(good(0, iso(0)), other, at(1), staleAfterMs);
  expect(first).toMatchObject({ verdict: 'wrong_page', state: { page_id: 'acme', consecutive_failures: 1 } });
  const later = examine(first.state, other, at(15), staleAfterMs);
  expect(later.verdict).toBe('wrong_page');
  expect(examine(later.state, other, at(16), staleAfterMs)).toMatchObject({
    verdict: 'good',
    adopted: true,
    state: { page_id: 'other', newest_updated_at: iso(-60) },
  });
});

it.each([
  ['a third page', { pageId: 'third', updatedAt: null }],
  ['the page itself', { pageId: 'acme', updatedAt: iso(0) }],
  ['an old copy of the page itself', { pageId: 'acme', updatedAt: iso(-1) }],
])('starts counting anew when another page is interrupted by %s', (_what, interruption) => {
  const other = { pageId: 'other', updatedAt: null };
  const first = examine(good(0, iso(0)), other, at(1), staleAfterMs).state;
  const broken = examine(first, interruption, at(8), staleAfterMs).state;
  expect(examine(broken, other, at(16), staleAfterMs)).toMatchObject({
    verdict: 'wrong_page',
    state: { candidate: { since: iso(16) } },
  });
});

it('starts counting anew when another page is interrupted by a failure', () => {
  const other = { pageId: 'other', updatedAt: null };
  const first = examine(good(0), other, at(1), staleAfterMs).state;
  const broken = afterFailure(first, 'x', at(8), staleAfterMs);
  expect(examine(broken, other, at(16), staleAfterMs).verdict).toBe('wrong_page');
});
