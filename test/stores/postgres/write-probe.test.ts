import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createWriteProbe } from '../../../src/stores/postgres/write-probe.ts';

it('after a write that failed, what is tried needs as much room as an event, which the server cannot press into less', async () => {
  const saved: unknown[] = [];
  const probe = createWriteProbe(
    { run: async () => undefined },
    { saveState: async (_key, state) => void saved.push(state) },
  );
  await probe.ping();
  probe.failed();
  await probe.ping();
  await probe.ping();
  expect(saved.map((text) => deflateSync(String(text)).length > 40_000)).toEqual([false, true]);
});
