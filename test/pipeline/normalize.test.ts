import { expect, it } from 'vitest';
import { createNormalize } from '../../src/pipeline/normalize.ts';
import type { Normalizer, Signal } from '../../src/pipeline/topics.ts';
import { aSighting } from '../support/builders.ts';

const signal: Signal = {
  signalId: 'sig-1',
  requestId: 'req-1',
  vendor: 'acme',
  source: 'acme_status',
  payload: { name: 'Down' },
};
const byName: Normalizer = ({ source, payload }) => [aSighting({ source, summary: JSON.stringify(payload) })];

it("publishes what the vendor's normalizer makes of a signal, on the same thread", async () => {
  const stage = createNormalize(new Map([['acme', byName]]));
  expect(await stage.run(signal)).toEqual({
    signalId: 'sig-1',
    requestId: 'req-1',
    observations: [aSighting({ summary: '{"name":"Down"}' })],
  });
  expect([stage.name, stage.input, stage.output]).toEqual(['normalize', 'signal.received', 'signal.normalized']);
});

it('a signal of a vendor without a normalizer fails', () => {
  const stage = createNormalize(new Map([['other', byName]]));
  expect(() => stage.run(signal)).toThrow('no normalizer is registered for the vendor "acme"');
});

it('what a normalizer throws is not hidden', () => {
  const broken = new Error('not what the source let through');
  const stage = createNormalize(
    new Map<string, Normalizer>([
      [
        'acme',
        () => {
          throw broken;
        },
      ],
    ]),
  );
  expect(() => stage.run(signal)).toThrow(broken);
});
