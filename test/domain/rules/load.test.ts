import { expect, it } from 'vitest';
import { compileWhen, type Subject } from '../../../src/domain/rules/when.ts';
import { type When, whenSchema } from '../../../src/domain/rules/when-schema.ts';
import { aSubject, rulesOf } from '../../support/rules.ts';

it('a rate is compiled: its share, its window, its least number', () => {
  const [first, second] = rulesOf(`version: 1
rates:
  - { name: declines, when: { currency: EUR }, over: 15m, above: 12.5%, at_least: 50, by: currency, is: critical }
  - { name: all, over: 1h, above: 0.3, at_least: 20, is: warning }
`).rates;
  expect(first).toMatchObject({
    name: 'declines',
    place: 'vendor-signals.yaml:3',
    overMs: 900_000,
    above: 0.125,
    atLeast: 50,
    by: 'currency',
    is: 'critical',
  });
  expect(second).toMatchObject({ above: 0.3, by: null });
  const event = { source: 'stripe', kind: 'payment', service: 'stripe', summary: 'x', severity: 'warning' } as const;
  expect(first?.matches({ event, facts: { currency: 'eur' } }, 0)).toBe(true);
  expect(first?.matches({ event, facts: { currency: 'usd' } }, 0)).toBe(false);
});

it('the rest of a file is read: fold, heartbeat, presets', () => {
  const rules = rulesOf(`version: 1
fold: none
heartbeat: { url: "https://hc.example/ping/0f3a", every: 30s }
status_pages: { stripe: preset, github: { url: preset, payments: true } }
`);
  expect(rules.fold).toBe('none');
  expect(rules.heartbeat).toEqual({ url: 'https://hc.example/ping/0f3a', everyMs: 30_000 });
  expect(rules.statusPages.get('stripe')).toMatchObject({ url: 'https://www.stripestatus.com', payments: true });
  expect(rules.statusPages.get('github')).toMatchObject({ url: 'https://www.githubstatus.com', payments: true });
  expect(rules.shown).toEqual({
    version: 1,
    timezone: 'UTC',
    fold: 'none',
    max_silence: '7d',
    heartbeat: { url: 'set', every: '30s' },
    status_pages: {
      stripe: { url: 'https://www.stripestatus.com' },
      github: { url: 'https://www.githubstatus.com', payments: true },
    },
    routes: expect.arrayContaining([
      { name: 'critical events are always sent', when: { severity: 'critical' }, send: ['mock'], place: null },
    ]),
  });
});

it('what can be written otherwise is read the same', () => {
  const text = 'version: 1\nroutes:\n  - { name: a, when: { livemode: "true" }, send: [mock] }\n';
  for (const written of [text, `\uFEFF${text}`, text.replaceAll('\n', '\r\n'), `%YAML 1.2\n---\n${text}`])
    expect(rulesOf(written).routes[0]?.matches(aSubject({}, { livemode: true }), 0)).toBe(true);
});

it('stand-ins are of the right kind wherever a variable can stand', () => {
  const text = `version: 1
timezone: "\${ZONE}"
destinations:
  a: { type: pagerduty, routing_key: "\${KEY}", region: "\${REGION}", events_url: "https://\${HOST}/v2/enqueue" }
  b: { type: email, host: h, port: "\${PORT}", secure: "\${TLS}", from: "\${FROM}", to: ["\${TO}"] }
  c: { type: alertmanager, url: "\${AM_URL}", repeat: "\${REPEAT}" }
severity: [{ when: { amount: "> \${LIMIT} EUR", account: "\${ACCOUNT}" }, is: critical }]
routes: [{ name: r, hold: "\${HOLD}", send: [a, b, c] }]
`;
  expect(rulesOf(text, { env: {}, placeholders: true }).routes[0]?.holdMs).toBe(60_000);
});

it('a condition that a newer version wrote is not taken for one that matches everything', () => {
  const when: unknown = { colour: 'red' };
  expect(whenSchema.safeParse(when).success).toBe(false);
  expect(() => compileWhen(JSON.parse('{"colour":"red"}'), new Map())).toThrow('there is no condition "colour"');
  expect(() => compileWhen({ summary: '/(?=a)/' }, new Map())).toThrow('a condition was not checked');
});

it('an amount without a currency matches nothing but a negation', () => {
  const matches = (amount: string, facts: Subject['facts']) =>
    compileWhen({ amount }, new Map())(aSubject({}, facts), null);
  expect(matches('> 5 EUR', { amount: 600, currency: 'eur' })).toBe(true);
  for (const facts of [{}, { amount: 600 }, { currency: 'eur' }]) {
    expect(matches('> 5 EUR', facts)).toBe(false);
    expect(matches('!> 5 EUR', facts)).toBe(true);
  }
});

it('a list of names matches if one of them does, and a flag only if it is given', () => {
  const matches = (when: When, facts: Subject['facts']) => compileWhen(when, new Map())(aSubject({}, facts), null);
  const facts = { components: ['Actions', 'Pages'] };
  expect(matches({ components: 'pages' }, facts)).toBe(true);
  expect(matches({ components: '!pages' }, facts)).toBe(false);
  expect(matches({ components: 'Copilot' }, facts)).toBe(false);
  expect(matches({ components: '*' }, {})).toBe(false);
  expect(matches({ livemode: false }, {})).toBe(false);
  expect(matches({ livemode: false }, { livemode: false })).toBe(true);
});

it('a row without conditions gives its severity to everything', () => {
  const { severity } = rulesOf('version: 1\nseverity:\n  - { is: info }\n');
  expect(severity).toMatchObject([{ is: 'info' }]);
  expect(severity[0]?.matches(aSubject(), 0)).toBe(true);
});
