import { expect, it } from 'vitest';
import { type Combinations, createCombinations } from '../../../src/stores/postgres/combinations.ts';
import type { Transaction } from '../../../src/stores/postgres/database.ts';
import { numbered, payment } from '../../contract/event-store/setup.ts';

/** Numbers every key that it is asked for, and keeps how many those were. */
const askedIn = () => {
  const asked: number[] = [];
  const newSession = (): Transaction => ({
    run: async () => undefined,
    send: () => undefined,
    rows: async (row, _sql, values = []) => {
      const keys = [values[0]].flat();
      asked.push(keys.length);
      return keys.map((key, id) => row.parse({ id: id + 1, key }));
    },
  });
  return { asked, newSession };
};

const ofServices = (services: readonly string[]) => services.map((service) => payment(service, 0, {}, { service }));

const commit = async (combinations: Combinations, session: Transaction, services: readonly string[]): Promise<void> => {
  await combinations.numbersOf(session, ofServices(services));
  combinations.commit(session);
};

it('asks once for a combination that is committed, and again for one that was rolled back', async () => {
  const { asked, newSession } = askedIn();
  const combinations = createCombinations();
  await combinations.numbersOf(newSession(), ofServices(['a']));
  await commit(combinations, newSession(), ['a']);
  await commit(combinations, newSession(), ['a']);
  expect(asked).toEqual([1, 1]);
});

it('forgets what it knows rather than hold services without end', async () => {
  const { asked, newSession } = askedIn();
  const combinations = createCombinations();
  await commit(combinations, newSession(), ['a', 'b']);
  await commit(combinations, newSession(), numbered(10_000));
  await commit(combinations, newSession(), ['a', 'b', 'evt_1']);
  expect(asked).toEqual([2, 10_000, 2]);
});
