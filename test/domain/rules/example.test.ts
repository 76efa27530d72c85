import { expect, it } from 'vitest';
import { evaluate } from '../../../src/domain/rules/evaluate.ts';
import { aSubject, load, problemsOf, rulesOf } from '../../support/rules.ts';

/** The file that the service's contract shows. */
const example = `version: 1
timezone: Europe/Berlin

status_pages:                            # what is read, and what of it you use, by the vendor's own names
  stripe:   { url: https://www.stripestatus.com }
  spreedly: { url: https://status.spreedly.com }
  braze:    { url: https://braze.statuspage.io, uses: [{ group: US-03, component: REST API }], unattributed: keep }
  github:   { url: https://www.githubstatus.com, uses: [Actions, API Requests], unattributed: keep, component_severity: incident }

destinations:                            # section 13
  oncall:  { type: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}", region: eu, fallback: { to: backup, after: 5m } }
  backup:  { type: webhook, url: "\${BACKUP_URL}", secret: "\${BACKUP_SECRET}" }
  vendors: { type: slack, token: "\${SLACK_BOT_TOKEN}", channel: "#vendors" }

windows:
  night:   { from: "22:00", to: "07:00" }
  weekend: { days: [sat, sun] }

severity:                                # how serious it is; what matches none keeps the built-in tables
  - { when: { type: payout.failed, amount: "> 10000 EUR" }, is: critical }
  - { when: { type: payout.failed }, is: warning }

fold: outage                             # or none (without \`routes\` the environment's routing applies)

routes:                                  # who is told; what matches none is kept and not sent
  - name: GitHub may wait until the morning
    when: { severity: critical, page: github, during: [night, weekend] }
    send: [vendors]
    at_end_of_window: [oncall]           # if it is still open then
  - name: critical wakes somebody
    when: { severity: critical }
    send: [oncall, vendors]
  - name: a warning has to last
    when: { severity: warning, kind: [incident, status] }
    hold: 5m                             # over before that: kept, never sent
    send: [vendors]
  - name: payments that failed
    when: { severity: warning, source: stripe }
    send: [vendors]
    resolve_after: 24h                   # a payment has no end of its own

silences:                                # planned ones; the others are made by API, dashboard or command
  - { when: { page: braze }, from: 2026-12-05T22:00, until: 2026-12-06T02:00, by: jo, because: Braze moves US-03 }

tests:                                   # run by \`vendor-signals check\`, at every load, and in your CI
  - { name: a big payout wakes us,    given: { type: payout.failed, amount: 12000 EUR }, expect: { severity: critical, sent: [oncall, vendors] } }
  - { name: another region of Braze,  given: { page: braze, group: US-01, component: REST API, status: major_outage }, expect: { sent: [] } }
  - { name: GitHub Actions at night,  given: { page: github, component: Actions, status: major_outage, at: 2026-11-26T03:00 }, expect: { sent: [vendors] } }
`;

it("the contract's example loads and its tests pass", () => {
  const result = load(example);
  expect('tests' in result ? result.tests?.map(({ name, failures }) => ({ name, failures })) : result).toEqual([
    { name: 'a big payout wakes us', failures: [] },
    { name: 'another region of Braze', failures: [] },
    { name: 'GitHub Actions at night', failures: [] },
  ]);
});

it('a decision names its route by file and line', () => {
  const rules = rulesOf(example);
  const noon = Date.parse('2026-11-26T12:00:00Z');
  expect(evaluate(rules, aSubject(), { nowMs: noon })).toMatchObject({
    route: { name: 'critical wakes somebody', place: 'vendor-signals.yaml:30' },
    because: "route 'critical wakes somebody' (vendor-signals.yaml:30)",
    send: ['oncall', 'vendors'],
    windowEndsAtMs: null,
  });
});

it('a route with a window says when the window ends', () => {
  const night = Date.parse('2026-11-26T23:30:00+01:00');
  expect(evaluate(rulesOf(example), aSubject(), { nowMs: night })).toMatchObject({
    send: ['vendors'],
    atEndOfWindow: ['oncall'],
    windowEndsAtMs: Date.parse('2026-11-27T07:00:00+01:00'),
  });
});

it('a warning is held, and a payment that failed ends after a day', () => {
  const rules = rulesOf(example);
  const slow = aSubject({ severity: 'warning' }, { status: 'degraded_performance' });
  expect(evaluate(rules, slow, { nowMs: 0 })).toMatchObject({
    send: ['vendors'],
    holdMs: 300_000,
    resolveAfterMs: null,
  });
  const payment = {
    event: {
      source: 'stripe',
      kind: 'payment',
      service: 'stripe',
      summary: 'payout.failed: po_1',
      severity: 'critical',
    },
    facts: { type: 'payout.failed', amount: 900_000, currency: 'eur' },
  } as const;
  expect(evaluate(rules, payment, { nowMs: 0 })).toMatchObject({
    severity: 'warning',
    builtInSeverity: 'critical',
    severityBecause: 'severity row 2 (vendor-signals.yaml:21)',
    send: ['vendors'],
    resolveAfterMs: 86_400_000,
  });
});

it('its secrets are needed to start, and stand-ins are enough to try it', () => {
  expect(problemsOf(example, { env: {} })).toEqual([
    '11:44 the variable PAGERDUTY_ROUTING_KEY is not set',
    '12:34 the variable BACKUP_URL is not set',
    '12:59 the variable BACKUP_SECRET is not set',
    '13:34 the variable SLACK_BOT_TOKEN is not set',
  ]);
  expect(problemsOf(example, { env: {}, placeholders: true })).toEqual([]);
});

it('no secret is shown', () => {
  const { shown } = rulesOf(example);
  expect(shown).toMatchObject({
    destinations: {
      oncall: { type: 'pagerduty', routing_key: 'set', region: 'eu', fallback: { to: 'backup', after: '5m' } },
      backup: { type: 'webhook', url: 'set', secret: 'set' },
      vendors: { type: 'slack', token: 'set', channel: '#vendors' },
    },
  });
  expect(JSON.stringify(shown)).not.toMatch(/0123456789abcdef|4f1c9a|whsec_|xoxb/);
});
