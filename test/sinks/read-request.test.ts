import { expect, it } from 'vitest';
import { createRequestReader } from '../../src/sinks/read-request.ts';
import { aDelivery, anAlert } from '../support/telling.ts';

const noEvents = { find: async () => undefined, readRaw: async () => undefined };
const told = (destination: string, ordinal: number, memo?: string) =>
  aDelivery({ destination, target: 'slack:vendors', ordinal, ...(memo !== undefined && { memo }) });
const memoOf = async (...deliveries: readonly ReturnType<typeof told>[]) => {
  const delivery = deliveries.at(-1) ?? aDelivery();
  const read = createRequestReader(noEvents, null);
  return (await read({ delivery, alert: anAlert({ deliveries }) }, { showsRaw: false })).memo;
};

it('a destination finds its own note, although another of the same target left a newer one', async () => {
  expect(await memoOf(told('a', 1, 'of a'), told('b', 2, 'of b'), told('a', 3))).toBe('of a');
});

it('a destination finds the note that it left under another name', async () => {
  expect(await memoOf(told('old', 1, 'first'), told('old', 2, 'second'), told('new', 3))).toBe('second');
  expect(await memoOf(told('new', 1))).toBeUndefined();
});
