// Whatever a status page answers, in whatever order: what must hold of what is open.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FetchFailed } from '../../../src/ingest/polling/fetch-failed.ts';
import { createPageBench } from '../../support/page-bench.ts';
import { component, incident } from '../../support/status-page.ts';

const times = ['2026-03-01T10:00:00Z', '2026-03-01T11:30:00Z', '2026-03-01T12:02:00Z', '2099-01-01T00:00:00Z'];
const time = fc.constantFrom(...times);
const components = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c'),
    status: fc.constantFrom('operational', 'degraded_performance', 'major_outage', 'odd'),
    updated_at: time,
  }),
  { maxLength: 4 },
);
const incidents = fc.array(
  fc
    .record({
      id: fc.constantFrom('1', '2'),
      status: fc.constantFrom('investigating', 'resolved'),
      impact: fc.constantFrom('minor', 'critical'),
      started_at: time,
      updated_at: time,
      resolved_at: fc.option(time),
    })
    .map(({ id, ...more }) => incident(id, more)),
  { maxLength: 3 },
);
const look = fc.record({
  type: fc.constant('look' as const),
  parts: fc.record(
    {
      components,
      isMalformed: fc.boolean(),
      incidents,
      indicator: fc.constantFrom('none', 'critical'),
      updatedAt: time,
    },
    { requiredKeys: ['components', 'incidents', 'isMalformed'] },
  ),
});
const step = fc.oneof(
  { weight: 6, arbitrary: look },
  { weight: 1, arbitrary: fc.constant({ type: 'fail' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('wait' as const), minutes: fc.integer({ min: -30, max: 20 }) }),
  },
);

type Look = ReturnType<typeof look.generate>['value'];
type Step = ReturnType<typeof step.generate>['value'];
type Bench = ReturnType<typeof createPageBench>;

const pull = (bench: Bench, { parts: { components: some, isMalformed, ...parts } }: Look) => {
  const all = some.map(({ id, status, ...more }) => component(id, status, more));
  return bench.look({ ...parts, components: isMalformed ? [...all, {}] : all });
};

const play = async (bench: Bench, next: Step): Promise<void> => {
  if (next.type === 'wait') bench.minutes(next.minutes);
  else if (next.type === 'fail') await bench.fail(new FetchFailed('no_answer', 'HTTP 503'));
  else await pull(bench, next);
};

const check = (steps: fc.Arbitrary<Step[]>, property: (steps: Step[]) => Promise<void>): Promise<void> =>
  fc.assert(fc.asyncProperty(steps, property), { numRuns: 150 });
const anySteps = fc.array(step, { maxLength: 25 });

it('opens all that a good summary lists as wrong', async () => {
  await check(anySteps, async (steps) => {
    const bench = createPageBench();
    for (const next of steps) await play(bench, next);
    const last: Look = {
      type: 'look',
      parts: { components: [{ id: 'a', status: 'odd', updated_at: '' }], incidents: [], isMalformed: true },
    };
    const { verdict } = await pull(bench, last);
    expect(verdict).toBe('good');
    expect(bench.openSubjects()).toContain('component:a');
  });
});

it('ends nothing before it began', async () => {
  await check(anySteps, async (steps) => {
    const bench = createPageBench();
    for (const next of steps) await play(bench, next);
    for (const { started_at: startedAt, resolvedAt } of bench.events.values())
      expect(resolvedAt === null || resolvedAt >= startedAt).toBe(true);
  });
});

it('leaves nothing open, blind or stale once a page has said for long enough that all is well', async () => {
  await check(anySteps, async (steps) => {
    const bench = createPageBench();
    for (const next of steps) await play(bench, next);
    for (let minute = 0; minute <= 31; minute += 1) {
      bench.minutes(1);
      await bench.look({ updatedAt: '2026-03-01T11:00:00Z' });
    }
    expect(bench.openSubjects()).toEqual([]);
    expect((await bench.page.state()).condition).toBe('good');
  });
});

it('ends a component within minutes only when a good summary calls it operational', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(look, { minLength: 1, maxLength: 14 }), async (looks) => {
      const bench = createPageBench();
      for (const next of looks) {
        const before = bench.openSubjects();
        const { verdict } = await pull(bench, next);
        const open = new Set(bench.openSubjects());
        const ended = before.filter((subject) => subject.startsWith('component:') && !open.has(subject));
        const well = next.parts.components.filter(({ status }) => status === 'operational');
        expect(well.map(({ id }) => `component:${id}`)).toEqual(expect.arrayContaining(ended));
        expect(ended.length === 0 || verdict === 'good').toBe(true);
        bench.minutes(1);
      }
    }),
    { numRuns: 150 },
  );
});
