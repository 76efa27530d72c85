// What people are told, under random histories of the vendor, the rules, the silences, the clock and the destinations.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import type { Severity } from '../../src/domain/event.ts';
import { environmentRules, type Route, type Rules } from '../../src/domain/rules/rules.ts';
import { compileSilence, type Silence } from '../../src/domain/rules/silences.ts';
import { askRules, type Policy } from '../../src/domain/ruling.ts';
import { toIso } from '../../src/lib/time.ts';
import { component, incident } from '../support/acme-page.ts';
import { aManualResolve, anAbsence } from '../support/builders.ts';
import { type Answer, aDestination, aPolicy, createWorld, type World } from '../support/world.ts';

const destinations = [
  aDestination({ name: 'oncall', fallback: { to: 'backup', afterMs: 300_000 } }),
  aDestination({ name: 'chat', showsWords: true, updateEveryMs: 0 }),
  aDestination({ name: 'backup' }),
  aDestination({ name: 'mock', reachesPeople: false, updateEveryMs: null }),
];

const aRoute = (
  severity: Severity,
  send: readonly string[],
  holdMinutes = 0,
  resolveAfterMs: number | null = null,
): Route => ({
  name: severity,
  place: null,
  because: `the rules say so of ${severity} events`,
  matches: ({ event }) => event.severity === severity,
  send,
  holdMs: holdMinutes * 60_000,
  atEndOfWindow: [],
  windows: [],
  resolveAfterMs,
});

const base = environmentRules({ routeWarning: false, destinations: [] });
const withRoutes = (...routes: readonly Route[]): Rules => ({ ...base, routes });
const ruleSets: readonly Rules[] = [
  withRoutes(aRoute('critical', ['oncall', 'mock'])),
  withRoutes(aRoute('critical', ['oncall', 'chat', 'mock']), aRoute('warning', ['oncall', 'chat', 'mock'])),
  withRoutes(aRoute('critical', ['oncall']), aRoute('warning', ['chat', 'backup'], 5)),
  withRoutes(aRoute('critical', ['oncall', 'chat'], 10), aRoute('warning', ['chat'])),
  withRoutes(aRoute('critical', ['oncall', 'chat']), aRoute('warning', ['chat', 'backup'], 0, 30 * 60_000)),
  withRoutes(),
];
const policyOf = (rules: number): Policy => aPolicy({ destinations, rules: ruleSets[rules] ?? base });

const aSilence = (of: string | null, nowMs: number, minutes: number): Silence =>
  compileSilence(
    {
      id: 'silence',
      origin: 'api',
      when: of === null ? {} : { component: of },
      from: toIso(nowMs),
      until: toIso(nowMs + minutes * 60_000),
      by: null,
      because: 'we know',
      alertIds: [],
      expired_at: null,
    },
    base,
  );

const severityArb = fc.constantFrom<Severity>('info', 'warning', 'critical');
const nameArb = fc.constantFrom('api', 'mail', 'web');
const observed = [
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('incident' as const),
      id: fc.constantFrom('1', '2'),
      severity: severityArb,
      ends: fc.boolean(),
      names: fc.subarray(['api', 'mail', 'web']),
      status: fc.constantFrom('investigating', 'monitoring'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('component' as const),
      name: nameArb,
      severity: severityArb,
      ends: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('absence' as const), which: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('by hand' as const), which: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), minutes: fc.integer({ min: 1, max: 40 }) }) },
] as const;
const rulesStep = {
  weight: 1,
  arbitrary: fc.record({ do: fc.constant('rules' as const), set: fc.nat(ruleSets.length - 1) }),
};
const silenceStep = {
  weight: 1,
  arbitrary: fc.record({
    do: fc.constant('silence' as const),
    of: fc.option(nameArb),
    minutes: fc.integer({ min: 0, max: 60 }),
  }),
};
const clockStep = {
  weight: 1,
  arbitrary: fc.record({ do: fc.constant('clock' as const), seconds: fc.integer({ min: -90, max: 90 }) }),
};
const answers = (...of: readonly Answer[]) => ({
  weight: 2,
  arbitrary: fc.record({
    do: fc.constant('answers' as const),
    to: fc.constantFrom('oncall', 'chat', 'backup', 'mock'),
    with: fc.constantFrom(...of),
  }),
});

const anyStep = fc.oneof(
  ...observed,
  rulesStep,
  silenceStep,
  clockStep,
  answers('delivered', 'transient', 'unknown', 'permanent', 'lost'),
);
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

const play = () => {
  const world = createWorld(policyOf(0));
  const down = new Map<string, string>();
  const began = new Map<string, string>();
  const modes = new Map<string, Answer>();
  world.answerWith(({ destination }) => modes.get(destination) ?? 'delivered');

  const seeComponent = (name: string, severity: Severity, ends: boolean): void => {
    const started = down.get(name) ?? world.now();
    if (ends && !down.has(name)) return;
    down.set(name, started);
    if (ends) down.delete(name);
    world.observe(component(name, { started, severity, ...(ends && { ended: world.now() }) }));
  };

  const open = (which: number) => world.openEvents().at(which % Math.max(1, world.openEvents().length));

  const take = (step: Step): void => {
    switch (step.do) {
      case 'incident': {
        const started = began.get(step.id) ?? world.now();
        began.set(step.id, started);
        const parts = { started, severity: step.severity, status: step.status, components: step.names };
        world.observe(incident(step.id, { ...parts, ...(step.ends && { ended: world.now() }) }));
        break;
      }
      case 'component':
        seeComponent(step.name, step.severity, step.ends);
        break;
      case 'absence': {
        const record = open(step.which);
        if (record)
          world.observe(anAbsence({ eventId: record.event.event_id, scope: record.scope, resolvedAt: world.now() }));
        break;
      }
      case 'by hand': {
        const record = open(step.which);
        if (record) world.observe(aManualResolve({ eventId: record.event.event_id, scope: record.scope }));
        break;
      }
      case 'pass':
        world.pass(step.minutes);
        break;
      case 'rules':
        world.setPolicy({ ...policyOf(step.set), silences: world.policy().silences });
        break;
      case 'silence':
        world.setSilences(step.minutes === 0 ? [] : [aSilence(step.of, Date.parse(world.now()), step.minutes)]);
        break;
      case 'clock':
        world.step(step.seconds * 1000);
        break;
      case 'answers':
        modes.set(step.to, step.with);
    }
  };
  /** All destinations answer well again, and time passes until nothing holds anything back any more. */
  const calmDown = (): void => {
    modes.clear();
    world.setSilences([]);
    world.pass(45);
  };
  const endAll = (): void => {
    for (const { event, scope } of world.openEvents())
      world.observe(anAbsence({ eventId: event.event_id, scope, resolvedAt: world.now() }));
    world.pass(60);
  };
  return { world, take, calmDown, endAll };
};

const runs = { numRuns: 300 };
const stepsOf = (arbitrary: fc.Arbitrary<Step>) => fc.array(arbitrary, { minLength: 1, maxLength: 25, size: 'max' });

/** What one destination got of one alert, in order. */
const bySeries = (world: World) => Map.groupBy(world.sent, ({ to, alertId }) => `${to} ${alertId}`);

const mayBeKnown = ({ status, may_have_arrived: mayHaveArrived }: Delivery): boolean =>
  status === 'delivered' || mayHaveArrived;

it('each destination gets a trigger before anything else of an alert', () => {
  fc.assert(
    fc.property(stepsOf(anyStep), (steps) => {
      const { world, take } = play();
      for (const step of steps) take(step);
      for (const series of bySeries(world).values()) expect(series[0]?.action).toBe('trigger');
      expect(world.broken).toEqual([]);
    }),
    runs,
  );
});

it('no destination is triggered twice for one alert and cycle without a rise', () => {
  fc.assert(
    fc.property(stepsOf(anyStep), (steps) => {
      const { world, take } = play();
      for (const step of steps) take(step);
      for (const { deliveries } of world.alerts()) {
        const triggers = deliveries.filter((each) => each.action === 'trigger' && mayBeKnown(each));
        const groups = Map.groupBy(triggers, ({ target, cycle }) => `${target} ${cycle}`);
        for (const group of groups.values())
          expect(group.map(({ severity }) => severity)).toEqual([...new Set(group.map(({ severity }) => severity))]);
      }
    }),
    runs,
  );
});

it('every destination that may have been told is told of the end', () => {
  fc.assert(
    fc.property(stepsOf(anyStep), (steps) => {
      const { world, take, calmDown, endAll } = play();
      for (const step of steps) take(step);
      calmDown();
      endAll();
      expect(world.alerts().filter(({ state }) => state === 'open')).toEqual([]);
      for (const [name, series] of bySeries(world)) {
        const last = series.findLastIndex(
          ({ action, outcome }) => action !== 'resolve' && outcome !== 'transient' && outcome !== 'permanent',
        );
        const ends = series.slice(last + 1).filter(({ action }) => action === 'resolve');
        if (last >= 0) expect({ name, ends: ends.length > 0 }).toEqual({ name, ends: true });
      }
    }),
    runs,
  );
});

const untold = (world: World, alert: Alert): readonly string[] =>
  alert.members
    .filter(({ ended_at: end }) => end === null)
    .flatMap(({ event_id: eventId }) => {
      const record = world.event(eventId);
      if (!record) return [`${eventId} is gone`];
      const { send } = askRules(record, world.policy().rules, Date.parse(world.now()));
      return destinations
        .filter(({ name }) => send.includes(name))
        .filter(
          ({ target }) =>
            !alert.deliveries.some(
              (each) =>
                each.target === target &&
                each.cycle === alert.cycle &&
                each.status === 'delivered' &&
                each.event_ids.includes(eventId),
            ),
        )
        .map(({ name }) => `${eventId} at ${name}`);
    });

it('nothing that is open and routable is untold once its hold and its silence are over', () => {
  const steps = stepsOf(
    fc.oneof(...observed, rulesStep, silenceStep, clockStep, answers('delivered', 'transient', 'unknown', 'lost')),
  );
  fc.assert(
    fc.property(steps, (all) => {
      const { world, take, calmDown } = play();
      for (const step of all) take(step);
      calmDown();
      const open = world.alerts().filter(({ state }) => state === 'open');
      expect(open.flatMap((alert) => untold(world, alert))).toEqual([]);
    }),
    runs,
  );
});

/** What keeps open and serious events from an open alert: none that is sent, and only easing. */
const withoutOpenAlert = (world: World): readonly string[] =>
  world.openEvents().flatMap((record) => {
    const { event, alert_id: alertId } = record;
    if (event.severity === 'info' || world.alert(alertId ?? '')?.state === 'open') return [];
    const { send } = askRules(record, world.policy().rules, Date.parse(world.now()));
    const ended = world.histories
      .get(alertId ?? '')
      ?.findLast(({ change }) => change === 'eased' || change === 'resolved')?.change;
    return send.length > 0 || ended !== 'eased' ? [`${event.event_id}: ${ended}`] : [];
  });

it('what is open and more than information has an open alert, unless that has eased and it is not sent', () => {
  fc.assert(
    fc.property(stepsOf(anyStep), (steps) => {
      const { world, take } = play();
      for (const step of steps) {
        take(step);
        expect(withoutOpenAlert(world)).toEqual([]);
      }
    }),
    runs,
  );
});

it('a destination that is told of an alert knows how serious the worst of what goes there is', () => {
  const steps = stepsOf(fc.oneof(...observed, rulesStep, silenceStep, answers('delivered', 'transient')));
  const rank = (severity: Severity | undefined): number =>
    severity === undefined ? -1 : ['info', 'warning', 'critical'].indexOf(severity);
  fc.assert(
    fc.property(steps, (all) => {
      const { world, take, calmDown } = play();
      for (const step of all) take(step);
      calmDown();
      for (const alert of world.alerts().filter(({ state }) => state === 'open'))
        for (const { name, target } of destinations) {
          const routable = alert.members.filter(
            ({ ended_at: end, ruling }) => end === null && ruling.send.includes(name),
          );
          const told = alert.deliveries.filter(
            (each) => each.target === target && each.cycle === alert.cycle && each.status === 'delivered',
          );
          const worst = (of: readonly { readonly severity: Severity }[]): number =>
            Math.max(-1, ...of.map(({ severity }) => rank(severity)));
          if (routable.length > 0) expect(worst(told)).toBeGreaterThanOrEqual(worst(routable));
        }
    }),
    runs,
  );
});

/** Opened for the third time 21 minutes after the second, well after half an hour more: the end waits until 13:06. */
const endsWithinTheHour: Step[] = [
  { do: 'component', name: 'web', severity: 'critical', ends: false },
  { do: 'absence', which: 0 },
  { do: 'rules', set: 4 },
  { do: 'component', name: 'api', severity: 'warning', ends: false },
  { do: 'pass', minutes: 21 },
  { do: 'by hand', which: 0 },
  { do: 'component', name: 'web', severity: 'warning', ends: false },
  { do: 'pass', minutes: 39 },
];

it('looking again, or loading the same rules, tells nobody anything', () => {
  const all = stepsOf(
    fc.oneof(...observed, rulesStep, silenceStep, answers('delivered', 'transient', 'unknown', 'permanent', 'lost')),
  );
  fc.assert(
    fc.property(all, (steps) => {
      const { world, take } = play();
      for (const step of steps) {
        take(step);
        world.settle();
        const before = world.alerts().flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
        world.setPolicy(world.policy());
        world.setSilences(world.policy().silences);
        expect(world.alerts().flatMap(({ deliveries }) => deliveries.map(({ id }) => id))).toEqual(before);
      }
    }),
    { ...runs, examples: [[endsWithinTheHour]] },
  );
});

it('while all is silenced, nothing but ends is sent', () => {
  const steps = stepsOf(fc.oneof(...observed, rulesStep, answers('delivered', 'transient')));
  fc.assert(
    fc.property(steps, steps, (before, during) => {
      const { world, take } = play();
      for (const step of before) take(step);
      world.setSilences([aSilence(null, Date.parse(world.now()), 7 * 24 * 60)]);
      const from = world.sent.length;
      for (const step of during) take(step);
      expect(world.sent.slice(from).filter(({ action }) => action !== 'resolve')).toEqual([]);
    }),
    runs,
  );
});

it('what an open incident names goes to the alert of the incident, and the incident to that of the component', () => {
  const steps = stepsOf(fc.oneof(...observed, rulesStep, silenceStep, clockStep, answers('delivered', 'permanent')));
  fc.assert(
    fc.property(steps, (all) => {
      const { world, take } = play();
      for (const step of all) {
        const known = new Set(world.alerts().map(({ alert_id: id }) => id));
        const before = world.alerts().filter(({ state }) => state === 'open');
        take(step);
        const opened = world.alerts().filter(({ alert_id: id }) => !known.has(id));
        for (const { members, opened_at: openedAt } of opened) {
          const [opener] = members;
          const named = before.flatMap((alert) =>
            alert.members.filter(
              ({ item, components, ended_at: end }) =>
                end === null &&
                item !== opener?.item &&
                components.some((id) => opener?.components.includes(id)) &&
                Date.parse(openedAt) - Date.parse(alert.opened_at) < 6 * 3_600_000,
            ),
          );
          expect(named).toEqual([]);
        }
      }
    }),
    runs,
  );
});
