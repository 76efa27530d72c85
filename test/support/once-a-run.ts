// What many tests need, and what takes long to make: the first process of a run that needs it makes it, for all of them.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, watch } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Names the run's folder to the processes of a run. */
const variable = 'TEST_RUN_FOLDER';

/**
 * Removes the folder when it is told to, or when this process has ended, which the runner kills. Nobody waits for its
 * thousands of files.
 */
export const removeInTheEnd = (folder: string): (() => void) => {
  const remover = spawn('sh', ['-c', 'read -r end; exec rm -rf "$0"', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  remover.unref();
  const { stdin } = remover;
  if (stdin instanceof Socket) stdin.unref();
  return () => void stdin.end();
};

/** The folder of this run. Gone when the process ends that asked first, which is the runner; a script has one of its own. */
export const runFolder = (): string => {
  const known = process.env[variable];
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'run-'));
  // A database server, which runs as somebody else, reads in it.
  chmodSync(folder, 0o755);
  removeInTheEnd(folder);
  process.env[variable] = folder;
  return folder;
};

/** Whether this process is the one that makes it. */
const claims = (folder: string): boolean => {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
};

/** Resolves when something has changed in the folder after which it is so. */
const untilSo = (folder: string, isSo: () => boolean): Promise<void> =>
  new Promise((resolve, reject) => {
    const watcher = watch(folder);
    const look = () => {
      if (!isSo()) return;
      watcher.close();
      resolve();
    };
    watcher.on('change', look);
    watcher.on('error', reject);
    look();
  });

/**
 * Gives a folder of this name, which `make` has filled. It is filled under another name, and by another process where it
 * fails in one.
 */
export const onceARun = async (name: string, make: (folder: string) => Promise<void>): Promise<string> => {
  const made = join(runFolder(), name);
  const claimed = `${made}.claimed`;
  for (;;) {
    if (existsSync(made)) return made;
    if (claims(claimed)) break;
    await untilSo(runFolder(), () => existsSync(made) || !existsSync(claimed));
  }
  try {
    await make(claimed);
    await rename(claimed, made);
  } catch (error) {
    await rm(claimed, { recursive: true, force: true });
    throw error;
  }
  return made;
};
