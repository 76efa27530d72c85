import { expect, it } from 'vitest';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { type KeptSilence, silencesKey, toState } from '../../src/pipeline/kept-silences.ts';
import { createSilenceCache } from '../../src/pipeline/silence-cache.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { collectLog } from '../support/log.ts';
import { aSilence } from '../support/silences.ts';

const rules = environmentRules({ routeWarning: false, destinations: ['pagerduty'] });

/** A cache over a store whose answers arrive when the test lets them, whatever was read or written at the time of asking. */
const slowCache = () => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  const gates: PromiseWithResolvers<void>[] = [];
  const gate = (at: number) => {
    gates[at] ??= Promise.withResolvers();
    return gates[at];
  };
  let asked = 0;
  const late = async <T>(answer: Promise<T>): Promise<T> => {
    const { promise } = gate(asked++);
    await Promise.all([answer, promise]);
    return answer;
  };
  const cache = createSilenceCache(
    {
      loadState: (key) => late(store.loadState(key)),
      changeState: (key, decide) => late(store.changeState(key, decide)),
    },
    () => rules,
    collectLog().log,
  );
  return {
    cache,
    /** Another replica writes them. */
    write: (...silences: readonly KeptSilence[]) =>
      store.changeState(silencesKey, () => ({ state: toState(silences), result: undefined })),
    /** Lets the second answer arrive before the first. */
    async answerInReverse() {
      gate(1).resolve();
      await new Promise(setImmediate);
      gate(0).resolve();
    },
    ids: () => cache.kept().map(({ id }) => id),
  };
};

const add = (id: string) => (kept: readonly KeptSilence[]) => ({ silences: [...kept, aSilence(id)], result: id });

it('an older answer of the store never takes the place of a newer one', async () => {
  const { cache, write, answerInReverse, ids } = slowCache();
  const first = cache.refresh();
  await write(aSilence('sil_1'));
  const second = cache.refresh();
  await answerInReverse();
  await Promise.all([first, second]);
  expect(ids()).toEqual(['sil_1']);
});

it('of two changes made at once, both are known when both are done', async () => {
  const { cache, answerInReverse, ids } = slowCache();
  const changed = Promise.all([cache.change(add('sil_1')), cache.change(add('sil_2'))]);
  await answerInReverse();
  expect(await changed).toEqual(['sil_1', 'sil_2']);
  expect(ids()).toEqual(['sil_1', 'sil_2']);
});

it('a read that began before a change does not undo it', async () => {
  const { cache, answerInReverse, ids } = slowCache();
  const read = cache.refresh();
  const changed = cache.change(add('sil_1'));
  await answerInReverse();
  await Promise.all([read, changed]);
  expect(ids()).toEqual(['sil_1']);
});

it('goes on after a read that failed', async () => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  let fails = true;
  const cache = createSilenceCache(
    { ...store, loadState: (key) => (fails ? Promise.reject(new Error('away')) : store.loadState(key)) },
    () => rules,
    collectLog().log,
  );
  const [first, second] = await Promise.allSettled([cache.refresh(), cache.refresh()]);
  expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
  fails = false;
  await cache.change(add('sil_1'));
  await cache.refresh();
  expect(cache.kept()).toMatchObject([{ id: 'sil_1' }]);
});
