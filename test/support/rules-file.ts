// A rules file on the disk, for a whole service or a process.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface RulesOnDisk {
  readonly path: string;
  /** Replaces what it says. */
  write(text: string): Promise<void>;
}

/** It is removed after the test. */
export const withRules = async (text: string): Promise<RulesOnDisk> => {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'vendor-signals.yaml');
  const write = (next: string) => writeFile(path, next);
  await write(text);
  return { path, write };
};
