import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { severities } from '../../../src/domain/event.ts';
import { evaluate } from '../../../src/domain/rules/evaluate.ts';
import { environmentRules } from '../../../src/domain/rules/rules.ts';
import { aSubject, rulesOf } from '../../support/rules.ts';

const nowMs = Date.parse('2026-11-26T12:00:00Z');
const unmatched = { holdMs: 0, atEndOfWindow: [], windowEndsAtMs: null, resolveAfterMs: null, route: null };

it.each([
  ['critical', false, ['pagerduty'], 'critical events are always sent'],
  ['critical', true, ['pagerduty'], 'critical events are always sent'],
  ['warning', false, [], 'warning events are sent only if ROUTE_WARNING=true'],
  ['warning', true, ['pagerduty'], 'ROUTE_WARNING=true sends warning events'],
  ['info', true, [], 'info events are never sent'],
] as const)('without a file, %s with ROUTE_WARNING=%s goes to %j', (severity, routeWarning, send, because) => {
  const rules = environmentRules({ routeWarning, destinations: ['pagerduty'] });
  expect(evaluate(rules, aSubject({ severity }), { nowMs })).toEqual({
    ...unmatched,
    severity,
    builtInSeverity: severity,
    severityBecause: null,
    used: true,
    because,
    send,
  });
});

it("a file without routes keeps the environment's, to each destination that is not only a fallback", () => {
  const rules = rulesOf(`version: 1
status_pages: { github: preset }
destinations:
  oncall: { type: mock, fallback: { to: backup, after: 5m } }
  backup: { type: mock }
  chat: { type: mock }
severity: [{ when: { page: github }, is: warning }]
`);
  expect(evaluate(rules, aSubject(), { nowMs })).toMatchObject({
    severity: 'warning',
    send: [],
    because: 'warning events are sent only if ROUTE_WARNING=true',
  });
  expect(evaluate(rules, aSubject({}, { page: 'braze' }), { nowMs }).send).toEqual(['oncall', 'chat']);
});

it('the first route that matches decides, and nothing is inherited', () => {
  const rules = rulesOf(`version: 1
routes:
  - { name: quiet, when: { component: Pages }, send: [] }
  - { name: slow, when: { status: degraded_performance }, send: [mock], hold: 10m }
  - { name: all, send: [mock] }
`);
  const because = (facts: Parameters<typeof aSubject>[1]) => evaluate(rules, aSubject({}, facts), { nowMs });
  expect(because({ component: 'Pages' })).toMatchObject({
    send: [],
    because: "route 'quiet' (vendor-signals.yaml:3), which sends to nobody",
  });
  expect(because({ status: 'degraded_performance' })).toMatchObject({ send: ['mock'], holdMs: 600_000 });
  expect(because({})).toMatchObject({
    send: ['mock'],
    holdMs: 0,
    route: { name: 'all', place: 'vendor-signals.yaml:5' },
  });
});

it('what no route matches is kept and not sent', () => {
  const rules = rulesOf('version: 1\nroutes: [{ name: a, when: { page: braze }, send: [mock] }]');
  expect(evaluate(rules, aSubject({}, { page: 'github' }), { nowMs })).toMatchObject({
    ...unmatched,
    used: true,
    send: [],
    because: 'no route of vendor-signals.yaml matches it',
  });
});

it('the severity that the file gives decides the route, and the built-in one is a fact', () => {
  const rules = rulesOf(`version: 1
severity:
  - { when: { severity: critical, component: Pages }, is: info }
routes:
  - { name: lowered, when: { built_in_severity: critical, severity: info }, send: [mock] }
  - { name: untouched, when: { built_in_severity: "!critical" }, send: [] }
`);
  const ruling = evaluate(rules, aSubject({}, { component: 'Pages' }), { nowMs });
  expect(ruling).toMatchObject({
    severity: 'info',
    builtInSeverity: 'critical',
    severityBecause: 'severity row 1 (vendor-signals.yaml:3)',
    route: { name: 'lowered' },
  });
  // A fact that an earlier file left behind says nothing of this one.
  expect(evaluate(rules, aSubject({}, { built_in_severity: 'critical' }), { nowMs })).toMatchObject({
    severity: 'critical',
    severityBecause: null,
    route: { name: 'untouched' },
  });
});

const github = rulesOf(`version: 1
status_pages: { github: { url: "https://www.githubstatus.com", component_severity: incident } }
severity: [{ when: { component: Copilot, severity: warning }, is: info }]
routes: [{ name: all, send: [mock] }]
`);

it.each([
  ['partial_outage', 'warning', 'warning'],
  ['partial_outage', 'critical', 'critical'],
  ['partial_outage', 'info', 'info'],
  ['degraded_performance', 'critical', 'critical'],
  ['major_outage', 'warning', 'critical'],
  ['partial_outage', undefined, 'critical'],
] as const)('with component_severity: incident, %s in an incident of impact %s is %s', (status, impact, severity) => {
  const builtIn = status === 'degraded_performance' ? 'warning' : 'critical';
  const ruling = evaluate(github, aSubject({ severity: builtIn }, { status }), {
    nowMs,
    incidentImpactSeverity: impact,
  });
  expect(ruling.severity).toBe(severity);
  expect(ruling.builtInSeverity).toBe(builtIn);
});

it('component_severity says so, and comes before the rows of severity', () => {
  const context = { nowMs, incidentImpactSeverity: 'warning' } as const;
  expect(evaluate(github, aSubject({}, { status: 'partial_outage' }), context).severityBecause).toBe(
    'the incident that names it decides, by component_severity (vendor-signals.yaml:2)',
  );
  expect(evaluate(github, aSubject({}, { status: 'partial_outage', component: 'Copilot' }), context)).toMatchObject({
    severity: 'info',
    severityBecause: 'severity row 1 (vendor-signals.yaml:3)',
  });
});

it('by default a component has its own severity', () => {
  const rules = rulesOf('version: 1\nstatus_pages: { github: preset }');
  const context = { nowMs, incidentImpactSeverity: 'warning' } as const;
  expect(evaluate(rules, aSubject({}, { status: 'partial_outage' }), context).severity).toBe('critical');
});

const windows = rulesOf(`version: 1
timezone: Europe/Berlin
windows: { night: { from: "22:00", to: "07:00" }, weekend: { days: [sat, sun] } }
routes:
  - { name: later, when: { during: [night, weekend] }, send: [], at_end_of_window: [mock] }
  - { name: office, when: { during: "!night" }, send: [mock] }
`);

it('during and its negation divide the week', () => {
  const route = (moment: string) => evaluate(windows, aSubject(), { nowMs: Date.parse(moment) }).route?.name;
  expect(route('2026-11-26T02:00:00Z')).toBe('later');
  expect(route('2026-11-28T12:00:00Z')).toBe('later');
  expect(route('2026-11-26T12:00:00Z')).toBe('office');
});

it('outside every window no window is active', () => {
  expect(evaluate(windows, aSubject(), { nowMs: null })).toMatchObject({
    route: { name: 'office' },
    windowEndsAtMs: null,
  });
});

it('a ruling is one of the file: its severity is a severity, and it sends to known destinations alone', () => {
  const subject = fc.record({
    severity: fc.constantFrom(...severities),
    kind: fc.constantFrom('incident', 'status', 'payment'),
    summary: fc.string({ minLength: 1 }),
  });
  const facts = fc.record(
    {
      component: fc.constantFrom('Actions', 'Pages', 'Copilot'),
      status: fc.constantFrom('major_outage', 'partial_outage', 'degraded_performance'),
      item: fc.constantFrom('incident', 'component', 'maintenance', 'page'),
      impact: fc.string({ minLength: 1 }),
      components: fc.array(fc.string({ minLength: 1 })),
    },
    { requiredKeys: [] },
  );
  const moment = fc.option(fc.integer({ min: 0, max: Date.UTC(2030, 0, 1) }));
  fc.assert(
    fc.property(subject, facts, moment, fc.constantFrom(github, windows), (event, given, atMs, rules) => {
      const asked = aSubject(event, given);
      const ruling = evaluate(rules, asked, { nowMs: atMs });
      expect(severities).toContain(ruling.severity);
      expect(ruling.builtInSeverity).toBe(event.severity);
      expect([...ruling.send, ...ruling.atEndOfWindow].every((name) => name === 'mock')).toBe(true);
      expect(evaluate(rules, asked, { nowMs: atMs })).toEqual(ruling);
      if (ruling.windowEndsAtMs !== null) expect(ruling.windowEndsAtMs).toBeGreaterThan(atMs ?? 0);
    }),
  );
});
