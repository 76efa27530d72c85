import { expect, it } from 'vitest';
import { afterRedirect, FetchFailed } from '../../../src/ingest/polling/fetch-failed.ts';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { createPageBench } from '../../support/page-bench.ts';
import { component, incident } from '../../support/status-page.ts';

const down = component('a', 'partial_outage');
const well = component('b', 'operational');

it('emits one signal for a summary, and reports what became of it', async () => {
  const bench = createPageBench();
  const report = await bench.look({ incidents: [incident('1')], components: [down, well] });
  expect(report).toMatchObject({ page: 'acme', ok: true, verdict: 'good', fetched: 3, skipped: 0, errors: [] });
  expect(report.outcomes.map(({ kind }) => kind)).toEqual(['stored', 'stored']);
  expect(bench.signals).toMatchObject([
    {
      requestId: 'req',
      vendor: 'status_page',
      source: 'acme_status',
      payload: { type: 'summary', page: 'acme', firstLook: true, staleAfterMs: 900_000 },
    },
  ]);
});

it('uses nothing of what it read, and keeps nothing, when another replica has read the status page since', async () => {
  const bench = createPageBench();
  await bench.look({ components: [down] });
  const before = bench.states.get('page:acme_status');
  bench.loseLock();
  const report = await bench.look({ incidents: [incident('1')] });
  expect(report).toMatchObject({ ok: false, verdict: 'failed', errors: [expect.stringContaining('was halted')] });
  expect(bench.openSubjects()).toEqual(['component:a']);
  expect(bench.states.get('page:acme_status')).toBe(before);
  expect(bench.logged.of('page.fetch_failed')).toMatchObject([{ page: 'acme' }]);
});

it('calls only the first good fetch a first look', async () => {
  const bench = createPageBench();
  await bench.fail(new FetchFailed('no_answer', 'HTTP 503'));
  await bench.look({ components: [down] });
  await bench.look({ components: [component('b', 'partial_outage')] });
  expect(bench.observations).toMatchObject([{ firstLook: true }, { type: 'sighting' }]);
  expect(bench.observations[1]).not.toHaveProperty('firstLook');
});

it('ends neither falsely nor anew a component that is listed by turns', async () => {
  const bench = createPageBench();
  for (const components of [[down, well], [well], [down], [well], [down]]) {
    await bench.look({ components });
    bench.minutes(1);
  }
  expect(bench.events.size).toBe(1);
  expect(bench.observations.every(({ type }) => type === 'sighting')).toBe(true);
  await bench.look({ components: [component('a', 'operational')] });
  expect(bench.openSubjects()).toEqual([]);
});

it('ends a component that every good fetch has left out for long enough, whatever failed between', async () => {
  const bench = createPageBench();
  await bench.look({ components: [down] });
  for (let minute = 0; minute < 15; minute += 1) {
    if (minute === 7) await bench.fail(new FetchFailed('no_answer', 'HTTP 503'));
    else await bench.look({ components: [well] });
    expect(bench.openSubjects()).toEqual(['component:a']);
    bench.minutes(1);
  }
  await bench.look({ components: [well] });
  expect(bench.openSubjects()).toEqual([]);
  expect((await bench.page.memory()).missing_since).toHaveProperty(['acme_status:component:a']);
  await bench.look({ components: [well] });
  expect((await bench.page.memory()).missing_since).toEqual({});
});

it('believes a summary that contradicts itself only when it has said so for long enough', async () => {
  const bench = createPageBench();
  await bench.look({ incidents: [incident('1')] });
  for (let minute = 0; minute < 15; minute += 1) {
    await bench.look({ indicator: 'critical' });
    expect(bench.openSubjects()).toEqual(['incident:1']);
    bench.minutes(1);
  }
  await bench.look({ indicator: 'critical' });
  expect(bench.openSubjects()).toEqual([]);
});

it('starts anew when a contradiction is interrupted', async () => {
  const bench = createPageBench();
  await bench.look({ incidents: [incident('1')] });
  await bench.look({ indicator: 'critical' });
  bench.minutes(14);
  await bench.look({ incidents: [incident('1')] });
  bench.minutes(14);
  await bench.look({ indicator: 'critical' });
  expect(bench.openSubjects()).toEqual(['incident:1']);
});

it('goes on after a summary that claims to be of 2099, also after a restart', async () => {
  const bench = createPageBench();
  await bench.look({ updatedAt: '2099-01-01T00:00:00Z' });
  bench.minutes(1);
  const report = await bench.look({ updatedAt: '2026-03-01T12:00:30Z', incidents: [incident('1')] });
  expect(report.verdict).toBe('good');
  expect(bench.openSubjects()).toEqual(['incident:1']);
});

it('drops a stale copy whole, and adopts one that has answered for long enough, with a warning', async () => {
  const bench = createPageBench();
  await bench.look({ updatedAt: '2026-03-01T11:59:00Z', incidents: [incident('1')] });
  for (let minute = 0; minute < 15; minute += 1) {
    bench.minutes(1);
    expect(await bench.look({ updatedAt: '2026-03-01T11:00:00Z' })).toMatchObject({
      verdict: 'stale',
      ok: true,
      fetched: 0,
    });
  }
  expect(bench.openSubjects()).toEqual(['incident:1']);
  bench.minutes(1);
  expect(await bench.look({ updatedAt: '2026-03-01T11:00:00Z' })).toMatchObject({ verdict: 'good' });
  expect(bench.logged.of('page.older_copy_adopted')).toMatchObject([
    { level: 'warn', page: 'acme', to: '2026-03-01T11:00:00.000Z' },
  ]);
  expect(bench.openSubjects()).toEqual([]);
});

it("uses nothing of another customer's page, until it has answered for long enough", async () => {
  const bench = createPageBench();
  await bench.look({ incidents: [incident('1')] });
  const report = await bench.look({ pageId: 'other', incidents: [incident('2')] });
  expect(report).toMatchObject({ ok: false, verdict: 'wrong_page', errors: [expect.stringContaining('"other"')] });
  expect(bench.openSubjects()).toEqual(['incident:1']);
  bench.minutes(15);
  expect(await bench.look({ pageId: 'other', incidents: [incident('2')] })).toMatchObject({ verdict: 'good' });
  expect(bench.logged.of('page.id_adopted')).toMatchObject([{ level: 'warn', from: 'acme', to: 'other' }]);
});

it('says once that it is blind, and that it can see again', async () => {
  const bench = createPageBench();
  for (let minute = 0; minute <= 16; minute += 1) {
    await bench.fail(new FetchFailed('no_answer', 'HTTP 503'));
    bench.minutes(1);
  }
  expect(bench.openSubjects()).toEqual(['page']);
  expect([...bench.events.keys()]).toEqual(['acme_status:page:2026-03-01T12:00:00.000Z']);
  expect(await bench.page.state()).toMatchObject({ condition: 'blind', last_error: 'HTTP 503' });
  await bench.look({});
  expect(bench.openSubjects()).toEqual([]);
  expect(bench.logged.of('page.changed').map(({ to }) => to)).toEqual(['failing', 'blind', 'good']);
});

it('says that it is blind without asking, for a vendor who wants to be left alone', async () => {
  const bench = createPageBench();
  await bench.fail(new FetchFailed('no_answer', 'HTTP 429', 3_600_000));
  bench.minutes(15);
  await bench.page.reportBlind('poll-1');
  expect(bench.openSubjects()).toEqual(['page']);
  expect((await bench.page.memory()).retry_at).toBe('2026-03-01T13:00:00.000Z');
});

it('names ten of many malformed items in the log and in the answer, and counts the rest', async () => {
  const bench = createPageBench();
  const report = await bench.look({ components: [down, ...Array.from({ length: 50_000 }, () => ({}))] });
  expect(report).toMatchObject({ verdict: 'good', fetched: 1, skipped: 50_000 });
  expect(report.errors).toHaveLength(11);
  expect(report.errors.at(-1)).toBe('and 49990 more malformed items');
  expect(bench.logged.of('page.item_skipped')).toHaveLength(10);
  expect(bench.logged.of('page.items_skipped')).toMatchObject([{ more: 49_990 }]);
  expect(bench.logged.text().length).toBeLessThan(10_000);
});

it('keeps of a page id of two megabytes no more than tells it from another', async () => {
  const bench = createPageBench();
  const id = 'x'.repeat(2_000_000);
  await bench.look({ pageId: id });
  await bench.look({ pageId: `${id}y` });
  expect(JSON.stringify([...bench.states.values()]).length).toBeLessThan(3000);
  expect(await bench.page.state()).toMatchObject({ condition: 'failing' });
});

it('says once why it failed', async () => {
  const bench = createPageBench();
  const report = await bench.fail(afterRedirect(new FetchFailed('not_this', 'HTTP 404'), 'https://acme.test/'));
  expect(report.errors).toEqual(['HTTP 404 (redirected to https://acme.test/)']);
});

it('cuts a reason that is longer than anybody reads', async () => {
  const bench = createPageBench();
  await bench.fail(new FetchFailed('no_answer', 'x'.repeat(100_000)));
  expect((await bench.page.state()).last_error?.length).toBe(2000);
});

it('rejects when the store cannot answer, and remembers the age of the copy all the same', async () => {
  const bench = createPageBench();
  await bench.look({});
  bench.failWith(new StoreUnavailable('store_unavailable', 'no store'));
  await expect(bench.look({ updatedAt: '2026-03-01T11:59:00Z', incidents: [incident('1')] })).rejects.toThrow(
    'no store',
  );
  expect(await bench.page.state()).toMatchObject({ newest_updated_at: '2026-03-01T11:59:00.000Z' });
});

it('reports what could not be processed', async () => {
  const bench = createPageBench();
  bench.failWith(new Error('a bug'));
  expect((await bench.look({ incidents: [incident('1')] })).errors).toEqual(['not processed: a bug']);
});

it('fails like a page that cannot be fetched when it is no summary', async () => {
  const bench = createPageBench();
  const report = await bench.fail(new FetchFailed('not_this', 'the answer is not JSON: it looks like HTML'));
  expect(report).toMatchObject({ ok: false, verdict: 'failed', fetched: 0, outcomes: [] });
});
