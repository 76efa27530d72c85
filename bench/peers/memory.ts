// What the memory store takes for an event and for a remembered id, measured on the heap: prints both, in bytes.
// Needs --expose-gc.
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { fill } from '../fill.ts';

const count = Number(process.argv[2]);

const heapBytes = (): number => {
  if (!globalThis.gc) throw new Error('start it with --expose-gc');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
};

const measure = async (eventCapacity: number, from: number): Promise<number> => {
  const store = createMemoryStore({ eventCapacity, dedupeCapacity: count });
  await fill(store, `held_${eventCapacity}`, 0, from);
  const before = heapBytes();
  await fill(store, `held_${eventCapacity}`, from, count);
  const bytes = (heapBytes() - before) / (count - from);
  // Kept until here, or there would be nothing to measure.
  await store.close();
  return bytes;
};

const warmUp = count / 2;
await measure(count, warmUp);
const perId = await measure(1, warmUp);
const perEvent = await measure(count, warmUp);
process.stdout.write(JSON.stringify({ perEvent: perEvent - perId, perId }));
