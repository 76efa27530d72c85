import { expect, it } from 'vitest';
import { troublesOf } from '../../src/dashboard/troubles.js';
import { nothingKnown } from '../../src/ingest/polling/page-state.ts';
import { aDestination } from './views.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const ago = (minutes: number) => new Date(nowMs - minutes * 60_000).toISOString();
const aPage = (name: string, more: object = {}) => ({ ...nothingKnown, name, source: `${name}_status`, ...more });
const known = {
  readiness: null,
  destinations: [aDestination()],
  pages: [aPage('acme')],
  skipped: [],
  rules: undefined,
};
const texts = (more: Partial<Parameters<typeof troublesOf>[0]>) =>
  troublesOf({ ...known, ...more }, nowMs).map(({ text }) => text);

it('nothing is said when every way to a person is open', () => {
  expect(texts({})).toEqual([]);
});

it('a destination that fails or is paused says what waits, since when, and why', () => {
  const failing = aDestination({
    state: 'failing',
    waiting: 2,
    oldest_waiting_at: ago(9),
    last_success_at: ago(90),
    last_error: 'HTTP 503',
  });
  expect(texts({ destinations: [failing] })).toEqual([
    'oncall is failing. 2 deliveries wait, the oldest for 9 min. It last accepted something 1 h 30 min ago. Last error: HTTP 503.',
  ]);
  expect(texts({ destinations: [aDestination({ state: 'paused' })] })).toEqual([
    'oncall is paused. Nothing waits for it. It has never accepted anything.',
  ]);
});

it('an answer as long as a book is cut', () => {
  const [text = ''] = texts({ destinations: [aDestination({ state: 'failing', last_error: 'x'.repeat(5000) })] });
  expect(text.length).toBeLessThan(400);
});

it('only the mock means that nobody is notified', () => {
  expect(texts({ destinations: [aDestination({ name: 'pagerduty', reaches_people: false })] })[0]).toMatch(
    /^Nobody is notified/,
  );
});

it('status pages that cannot be read are told in one sentence, and one bad reading is none yet', () => {
  const blind = (name: string, minutes: number) =>
    aPage(name, { condition: 'blind', failing_since: ago(minutes), last_error: 'HTTP 500' });
  expect(texts({ pages: [aPage('acme', { condition: 'failing' })] })).toEqual([]);
  expect(texts({ pages: [blind('acme', 40)] })).toEqual([
    'The status page of acme could not be read for 40 min: an outage there would not be seen. Last error: HTTP 500.',
  ]);
  expect(texts({ pages: [blind('acme', 40), blind('other', 50)] })).toEqual([
    '2 status pages could not be read for 50 min (acme, other): an outage there would not be seen. Last error: HTTP 500.',
  ]);
});

it('a status page that was not read for an hour is told, though its last reading was good', () => {
  const read = (minutes: number) => [aPage('acme', { condition: 'good', last_good_at: ago(minutes) })];
  expect(texts({ pages: read(59) })).toEqual([]);
  expect(texts({ pages: read(125) })).toEqual([
    'Not read for more than an hour: the status page of acme 2 h 5 min ago.',
  ]);
});

it('rules that were refused, and status pages without an address, are told', () => {
  const rules = {
    file: 'rules.yaml',
    hash: 'x',
    loaded_at: ago(60),
    last_load: { ok: false, at: ago(1), problems: [{ line: 1, column: 1, message: 'no' }] },
    rules: {},
  };
  expect(texts({ rules, skipped: ['spreedly'] })).toEqual([
    'The newest rules file was refused (1 problem). The rules before it are in effect.',
    'Not read, because no address is set: the status page of spreedly.',
  ]);
});

it('what is not known of a trouble is left out of its sentence', () => {
  expect(texts({ destinations: [aDestination({ state: 'failing', waiting: 1 })] })).toEqual([
    'oncall is failing. 1 delivery waits. It has never accepted anything.',
  ]);
  expect(texts({ pages: [aPage('acme', { condition: 'blind' })] })).toEqual([
    'The status page of acme could not be read: an outage there would not be seen.',
  ]);
});

it('a status page that cannot be read is told once, however old its last reading is', () => {
  const page = aPage('acme', { condition: 'blind', failing_since: ago(120), last_good_at: ago(121) });
  expect(texts({ pages: [page] })).toEqual([
    'The status page of acme could not be read for 2 h: an outage there would not be seen.',
  ]);
});

it('several problems of the rules are counted', () => {
  const problem = { line: 1, column: 1, message: 'no' };
  const rules = {
    file: 'rules.yaml',
    hash: 'x',
    loaded_at: ago(60),
    last_load: { ok: false, at: ago(1), problems: [problem, problem] },
    rules: {},
  };
  expect(texts({ rules })).toEqual([
    'The newest rules file was refused (2 problems). The rules before it are in effect.',
  ]);
});

it('a store that takes nothing is told first', () => {
  const readiness = { ok: false, checks: { store: { ok: false, detail: 'no' }, recovery: { ok: true } } };
  expect(texts({ readiness })[0]).toMatch(/^Nothing new can be stored: webhooks are answered 503/);
  expect(texts({ readiness: { ok: true, checks: { store: { ok: true } } } })).toEqual([]);
});
