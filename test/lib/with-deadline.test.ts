import { expect, it } from 'vitest';
import { withDeadline } from '../../src/lib/with-deadline.ts';

it('gives the answer', async () => {
  expect(await withDeadline(async () => 7, 10_000)()).toBe(7);
});

it('no answer stands for a question that failed, and it may be asked again', async () => {
  let asked = 0;
  const ask = withDeadline(async () => {
    asked += 1;
    if (asked === 1) throw new Error('away');
    return asked;
  }, 10_000);
  expect([await ask(), await ask()]).toEqual([undefined, 2]);
});

it('gives up on an answer that does not come, and does not ask again while it is awaited', async () => {
  let asked = 0;
  const held = Promise.withResolvers<string>();
  const ask = withDeadline(() => {
    asked += 1;
    return held.promise;
  }, 1);
  expect([await ask(), await ask(), asked]).toEqual([undefined, undefined, 1]);

  held.resolve('late');
  expect(await ask()).toBe('late');
});
