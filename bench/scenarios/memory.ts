// Whether the memory store stays within its bounds, and what an event in it takes.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ingest } from '../load/ingest.ts';
import { webhookBody } from '../load/requests.ts';
import { startService } from '../processes.ts';
import type { Row, Scenario } from '../scenario.ts';
import { spreadOf } from '../stats.ts';

const memoryFile = fileURLToPath(new URL('../peers/memory.ts', import.meta.url));
/** Node lets garbage lie until the heap is full, so the heap is kept small. */
const heapOption = '--max-old-space-size=256';
const eventCapacity = 10_000;
const dedupeCapacity = 100_000;

const residentMegabytes = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
};

const perItem = async (count: number): Promise<readonly Row[]> => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', memoryFile, String(count)]);
  const { perEvent, perId }: { perEvent: number; perId: number } = JSON.parse(stdout);
  const bodyBytes = webhookBody({ prefix: 'size', type: 'payout.failed' }, count).length;
  const row = (what: string, bytes: number, beside: string, besideBytes: number): Row => ({
    what,
    measured: `${Math.round(bytes).toLocaleString('en')} bytes`,
    beside,
    ratio: spreadOf([bytes / besideBytes]),
    reach: null,
    aim: null,
  });
  return [
    row('memory of a stored event', perEvent, `its body as JSON: ${bodyBytes.toLocaleString('en')} bytes`, bodyBytes),
    row('memory of a remembered id', perId, 'the id: 15 bytes', 15),
  ];
};

export const memoryBounds: Scenario = {
  name: 'memory-bounds',
  async run({ quick }) {
    const posts = quick ? 20_000 : 1_000_000;
    const steps = 20;
    const inStep = posts / steps;
    const service = await startService(
      { EVENT_CAPACITY: String(eventCapacity), DEDUPE_CAPACITY: String(dedupeCapacity) },
      [heapOption],
    );
    const megabytes: number[] = [];
    for (let step = 0; step < steps; step++) {
      await ingest(service, { prefix: `bounds_${step}`, count: inStep });
      megabytes.push(await residentMegabytes(service.pid));
    }
    await service.stop();
    // Both bounds are reached after a tenth of a full run; from a quarter on nothing new is kept.
    const reached = megabytes.slice(steps / 4, steps / 2);
    const end = megabytes.slice(-steps / 4);
    const [before, after] = [spreadOf(reached).median, spreadOf(end).median];
    return [
      ...(await perItem(quick ? 4000 : 100_000)),
      {
        what: `resident memory after ${posts.toLocaleString('en')} posts, memory store with its default bounds`,
        measured: `${after.toFixed(0)} MB`,
        beside: `when the bounds had been reached: ${before.toFixed(0)} MB`,
        ratio: spreadOf(end.map((each) => each / before)),
        reach: { atMost: 1.1 },
        aim: { atMost: 1.05 },
      },
    ];
  },
};
