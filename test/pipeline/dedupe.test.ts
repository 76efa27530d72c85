import { expect, it } from 'vitest';
import { createDedupe, eventIdOf } from '../../src/pipeline/dedupe.ts';
import type { Observation } from '../../src/pipeline/topics.ts';
import type { Found } from '../../src/stores/event-store.ts';
import { aGone, aRecord, aSeen } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';

const thread = { signalId: 'sig-1', requestId: 'req-1' };

/** Runs the stage over a store that holds this, and notes what the store was asked for. */
const dedupe = async (found: Found, observation: Observation) => {
  const asked: string[] = [];
  const find = async (eventId: string) => {
    asked.push(eventId);
    return found;
  };
  const result = await createDedupe({ find }, createClock().now).run({ ...thread, observation });
  return { result, asked };
};

it.each<[string, Found, Observation]>([
  ['new', undefined, aSeen()],
  ['changed', aRecord(), aSeen({ severity: 'info' })],
  ['changed', aRecord(), aGone()],
  ['seen', aRecord(), aSeen()],
  ['seen', 'forgotten', aSeen()],
])('passes on an observation that is %s', async (verdict, found, observation) => {
  const { result, asked } = await dedupe(found, observation);
  expect(result).toEqual({ publish: { ...thread, observation, verdict } });
  expect(asked).toEqual(['acme_status:incident:1']);
});

it.each<[string, Found, Observation]>([
  [
    'older',
    aRecord({}, { vendor_updated_at: '2026-03-01T12:00:00.000Z' }),
    aSeen({}, { vendorUpdatedAt: '2026-03-01T11:00:00.000Z' }),
  ],
  ['ignored', undefined, aGone()],
])('stops at one that is %s', async (reason, found, observation) => {
  const { result } = await dedupe(found, observation);
  expect(result).toEqual({ stop: reason, eventId: 'acme_status:incident:1' });
});

it('rejects when the store cannot answer', async () => {
  const down = new Error('the store is down');
  const stage = createDedupe({ find: () => Promise.reject(down) }, createClock().now);
  await expect(stage.run({ ...thread, observation: aSeen() })).rejects.toBe(down);
});

it('knows the id of what was seen and of what is gone', () => {
  expect(eventIdOf(aSeen({ event_id: 'a' }))).toBe('a');
  expect(eventIdOf(aGone({ eventId: 'b' }))).toBe('b');
});
