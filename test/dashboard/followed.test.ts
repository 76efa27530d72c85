import { expect, it } from 'vitest';
import { createFollowed } from '../../src/dashboard/followed.js';
import { aView } from './views.ts';

const empty: readonly string[] = [];
const createIds = () => createFollowed(empty, (ids, event) => [...ids, event.event_id]);
const event = (id: string) => aView({ event_id: id });

it('what changes while it is being read is added to what was read', async () => {
  const followed = createIds();
  const answer = Promise.withResolvers<readonly string[]>();
  followed.apply(event('before'));
  const reading = followed.read(async () => {
    const read = await answer.promise;
    return () => read;
  });
  followed.apply(event('meanwhile'));
  expect(followed.get()).toEqual(['before', 'meanwhile']);
  answer.resolve(['read']);
  await reading;
  expect(followed.get()).toEqual(['read', 'meanwhile']);
  followed.apply(event('after'));
  expect(followed.get()).toEqual(['read', 'meanwhile', 'after']);
});

it('of two readings at once the later counts, whichever ends first', async () => {
  const followed = createIds();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const one = followed.read(() => first.promise.then(() => () => ['first']));
  const other = followed.read(() => second.promise.then(() => () => ['second']));
  followed.apply(event('meanwhile'));
  second.resolve();
  await other;
  first.resolve();
  await one;
  expect(followed.get()).toEqual(['second', 'meanwhile']);
});

it('a reading that fails leaves what there was, and what changed since', async () => {
  const followed = createIds();
  const broken = new Error('away');
  const reading = followed.read(() => Promise.reject(broken));
  followed.apply(event('meanwhile'));
  await expect(reading).rejects.toBe(broken);
  expect(followed.get()).toEqual(['meanwhile']);
});

it('a reading may build on what there is when it ends', async () => {
  const followed = createIds();
  followed.apply(event('a'));
  await followed.read(async () => (before) => [...before, 'older']);
  expect(followed.get()).toEqual(['a', 'older']);
});
