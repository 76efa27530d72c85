import { expect, it } from 'vitest';
import type { Attributes, Tracer } from '../../src/lib/tracer.ts';
import { noTracer } from '../../src/lib/tracer.ts';
import type { Topic, Topics } from '../../src/pipeline/topics.ts';
import { traceStages } from '../../src/telemetry/trace-stages.ts';

const thread = { signalId: 's', requestId: 'req-1' };
const stored = (id: string) => ({ kind: 'stored', eventId: id, routed: true }) as const;
const failed = { kind: 'failed', eventId: 'b', error: new Error('it broke'), routed: false } as const;

/** What the span of one run says. */
const traced = async (message: Topics[Topic], result: Topics[Topic]) => {
  const said: Record<string, string | number> = {};
  const tracer: Tracer = {
    ...noTracer,
    span(name, attributes: Attributes, work) {
      Object.assign(said, { name }, attributes);
      return work({
        set: (more) => void Object.assign(said, more),
        rename: () => undefined,
        fail: (reason) => void Object.assign(said, { failed: reason }),
      });
    },
  };
  expect(await traceStages(tracer)('transact', message, async () => result)).toBe(result);
  return said;
};

it('a run says which alert it looked at', async () => {
  const message = { ...thread, alertId: 'evt_1', scope: 'stripe', cause: 'time' } as const;
  expect(await traced(message, { ...thread, alertId: 'evt_1' })).toEqual({
    name: 'transact',
    request_id: 'req-1',
    alert_id: 'evt_1',
  });
});

it('a run says how its signal ended, each kind once, and why a part of it failed', async () => {
  const message = { ...thread, observations: [] };
  expect(await traced(message, { ...thread, outcomes: [stored('a'), failed, stored('c')] })).toEqual({
    name: 'transact',
    request_id: 'req-1',
    observations: 0,
    outcome: 'stored,failed',
    failed: 'it broke',
  });
  expect(await traced(message, { ...thread, outcomes: [] })).not.toHaveProperty('outcome');
});

it('what is about no alert and holds no observations says only whose it is', async () => {
  const message = { ...thread, eventId: 'e', alertId: null, deliveryIds: [], reason: 'no rule' } as const;
  expect(await traced(message, message)).toEqual({ name: 'transact', request_id: 'req-1' });
});
