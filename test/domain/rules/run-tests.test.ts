import { expect, it } from 'vitest';
import { load, problemsOf } from '../../support/rules.ts';

const file = (test: string) => `version: 1
timezone: Europe/Berlin
status_pages: { github: { url: "https://www.githubstatus.com", component_severity: incident } }
destinations: { oncall: { type: mock, reaches_people: true }, chat: { type: mock } }
windows: { night: { from: "22:00", to: "07:00" } }
routes:
  - { name: night, when: { during: night, severity: critical }, send: [chat], at_end_of_window: [oncall] }
  - { name: critical, when: { severity: critical }, send: [oncall, chat] }
  - { name: slow, when: { severity: warning, kind: [incident, status] }, hold: 5m, send: [chat] }
silences:
  - { when: { page: braze }, from: 2026-12-05T22:00, until: 4h, because: Braze moves US-03 }
tests:
  - { name: it, ${test} }
`;
const component = 'page: github, component: Actions, status: major_outage';

it.each([
  [`given: { ${component} }, expect: { severity: critical, sent: [chat, oncall], route: critical }`],
  [
    `given: { ${component} }, expect: { held: false, silenced: false, at_end_of_window: [], because: "route 'critical'" }`,
  ],
  [`given: { ${component}, at: 2026-11-26T03:00 }, expect: { sent: [chat], at_end_of_window: [oncall] }`],
  [`given: { ${component}, at: 2026-11-26T12:00 }, expect: { sent: [oncall, chat], at_end_of_window: [] }`],
  ['given: { page: github, impact: minor }, expect: { severity: warning, held: 5m, sent: [] }'],
  ['given: { page: github, impact: minor }, expect: { held: [chat] }'],
  ['given: { page: github, impact: minor }, expect: { held: true, sent: [chat] }'],
  // Beside a component, the impact is the one of an incident that names it.
  ['given: { page: github, component: Actions, status: partial_outage, impact: minor }, expect: { severity: warning }'],
  ['given: { page: github, component: Actions, status: partial_outage }, expect: { severity: critical }'],
  ['given: { page: github, item: maintenance }, expect: { severity: info, sent: [], route: null }'],
  ['given: { page: github, components: [Actions], impact: major }, expect: { severity: critical }'],
  ['given: { type: payout.failed, amount: 12.50 EUR }, expect: { severity: critical, sent: [oncall, chat] }'],
  ['given: { page: github, severity: critical }, expect: { sent: [oncall, chat] }'],
  ['given: { source: acme_status, kind: incident }, expect: { severity: warning, held: 5m }'],
  // Test mode never reaches people.
  ['given: { type: payout.failed, livemode: false }, expect: { severity: critical, sent: [chat] }'],
  ['given: { type: some.new_type }, expect: { severity: info, route: null, because: no route }'],
  [
    'given: { page: braze, impact: major, at: 2026-12-05T23:00 }, expect: { silenced: true, sent: [], because: Braze moves }',
  ],
  ['given: { page: braze, impact: major, at: 2026-12-05T21:00 }, expect: { silenced: false, sent: [oncall, chat] }'],
  ['given: { page: braze, impact: major }, expect: { silenced: false }'],
  ['given: { severity: warning, kind: status, source: acme_status, service: x, summary: y }, expect: { held: 5m }'],
])('%s passes', (test) => {
  expect(problemsOf(file(test), { placeholders: true })).toEqual([]);
});

it.each([
  [
    `given: { ${component} }, expect: { sent: [chat] }`,
    `expected sent [chat], got [oncall, chat] (decided by: route 'critical' (vendor-signals.yaml:8))`,
  ],
  [
    `given: { ${component} }, expect: { severity: warning, route: slow }`,
    `expected severity warning, got critical; expected route slow, got critical (decided by: route 'critical' (vendor-signals.yaml:8))`,
  ],
  [
    'given: { page: github, impact: minor }, expect: { sent: [chat] }',
    `expected sent [chat], got [] (decided by: route 'slow' (vendor-signals.yaml:9))`,
  ],
  [
    'given: { page: github, impact: minor }, expect: { held: 10m }',
    `expected held 10m, got [chat] for 5m (decided by: route 'slow' (vendor-signals.yaml:9))`,
  ],
  [
    `given: { ${component} }, expect: { held: [chat], silenced: true, at_end_of_window: [oncall], because: the moon }`,
    "expected held [chat], got nothing; expected at_end_of_window [oncall], got []; expected silenced true, got false; expected because the moon, got route 'critical' (vendor-signals.yaml:8) (decided by: route 'critical' (vendor-signals.yaml:8))",
  ],
  [
    `given: { ${component} }, expect: { route: null }`,
    "expected route null, got critical (decided by: route 'critical' (vendor-signals.yaml:8))",
  ],
])('%s fails, and says what was expected, what came, and what decided', (test, message) => {
  expect(problemsOf(file(test))).toEqual([`13:5 the test "it" failed: ${message}`]);
});

it('a file whose tests fail has no rules, and tells all results', () => {
  const result = load(file(`given: { ${component} }, expect: { sent: [] }`));
  expect(result).not.toHaveProperty('rules');
  expect('tests' in result && result.tests?.map(({ name, failures }) => [name, failures.length])).toEqual([['it', 1]]);
});
