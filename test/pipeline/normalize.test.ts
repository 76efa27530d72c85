import { expect, it } from 'vitest';
import { createNormalize } from '../../src/pipeline/normalize.ts';
import type { Normalizer, Signal } from '../../src/pipeline/topics.ts';
import { aSighting } from '../support/builders.ts';
import { rulesOf } from '../support/rules.ts';
import { aPolicy } from '../support/world.ts';

const signal: Signal = {
  signalId: 'sig-1',
  requestId: 'req-1',
  vendor: 'acme',
  source: 'acme_status',
  payload: { name: 'Down' },
};
const stageOf = (vendor: string, normalizer: Normalizer, policy = aPolicy()) =>
  createNormalize({ normalizers: new Map([[vendor, normalizer]]), policy: () => policy, now: () => 0 });
const byName: Normalizer = ({ source, payload }) => [aSighting({ source, summary: JSON.stringify(payload) })];

it("publishes what the vendor's normalizer makes of a signal, on the same thread", async () => {
  const stage = stageOf('acme', byName);
  expect(await stage.run(signal)).toEqual({
    signalId: 'sig-1',
    requestId: 'req-1',
    observations: [aSighting({ summary: '{"name":"Down"}' })],
  });
  expect([stage.name, stage.input, stage.output]).toEqual(['normalize', 'signal.received', 'signal.normalized']);
});

it('a signal of a vendor without a normalizer fails', () => {
  const stage = stageOf('other', byName);
  expect(() => stage.run(signal)).toThrow('no normalizer is registered for the vendor "acme"');
});

it('what a normalizer throws is not hidden', () => {
  const broken = new Error('not what the source let through');
  const stage = stageOf('acme', () => {
    throw broken;
  });
  expect(() => stage.run(signal)).toThrow(broken);
});

it('tells a normalizer how serious the rules make a sighting, or the built-in tables if a rule throws', async () => {
  const bySeverity: Normalizer = (_signal, severityOf) => [aSighting({ summary: severityOf?.(aSighting()) ?? '' })];
  const rules = rulesOf('version: 1\nseverity: [{ when: { kind: incident }, is: warning }]');
  const ruled = await stageOf('acme', bySeverity, aPolicy({ rules })).run(signal);
  expect(ruled).toMatchObject({ observations: [{ event: { summary: 'warning' } }] });

  const severity = rules.severity.map((row) => ({
    ...row,
    matches: () => {
      throw new Error('not what was loaded');
    },
  }));
  const broken = await stageOf('acme', bySeverity, aPolicy({ rules: { ...rules, severity } })).run(signal);
  expect(broken).toMatchObject({ observations: [{ event: { summary: 'critical' } }] });
});
