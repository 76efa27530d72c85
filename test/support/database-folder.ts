// Where tests keep databases: in memory where a machine has much of it, for on a disk most of a run's time is waiting for it.
import { mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
/** Many times what a run takes. */
const enoughBytes = 4 * 1024 ** 3;

const inMemory = (name: string): string | undefined => {
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= enoughBytes ? mkdtempSync(join(memory, `${name}-`)) : undefined;
  } catch {
    return undefined;
  }
};

/** A new folder, which the caller removes. */
export const makeDatabaseFolder = (name: string): string => inMemory(name) ?? mkdtempSync(join(tmpdir(), `${name}-`));
