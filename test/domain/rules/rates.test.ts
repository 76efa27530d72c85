import { expect, it } from 'vitest';
import { rulesOf } from '../../support/rules.ts';

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
  expect(rules.shown).toMatchObject({ heartbeat: { url: 'set', every: '30s' } });
});
