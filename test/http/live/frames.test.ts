import { expect, it } from 'vitest';
import { createFrames } from '../../../src/http/live/frames.ts';

const whole = { filters: {}, events: 'whole' } as const;
const ids = { filters: {}, events: 'ids' } as const;

it('the bytes are made once for all who want to hear of the same', () => {
  let made = 0;
  const frameFor = createFrames([
    ({ events }) => {
      made += 1;
      return events;
    },
    () => '!',
  ]);
  const frame = frameFor(whole);
  expect(new TextDecoder().decode(frame ?? undefined)).toBe('whole!');
  expect(frameFor({ filters: {}, events: 'whole' })).toBe(frame);
  expect(made).toBe(1);
  expect(new TextDecoder().decode(frameFor(ids) ?? undefined)).toBe('ids!');
});

it('nothing is made for a client that no message is for', () => {
  const frameFor = createFrames([() => null]);
  expect([frameFor(whole), frameFor(whole)]).toEqual([null, null]);
});
