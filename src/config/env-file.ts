// `.env` in the folder that the process was started in.
import { existsSync, statSync } from 'node:fs';
import { ConfigError } from '../lib/errors.ts';
import { fileErrorCode, whyUnreadable } from '../lib/file-problem.ts';

/** Editors on Windows begin a file with it, and Node takes it for a part of the first variable's name. */
const byteOrderMark = '\ufeff';

/** Reads the file, if it is there, into the environment, where what is there wins. @throws {ConfigError} */
export const readEnvFile = ({ env, loadEnvFile }: Pick<NodeJS.Process, 'env' | 'loadEnvFile'>): void => {
  if (!existsSync('.env')) return;
  try {
    loadEnvFile('.env');
  } catch (error) {
    // Docker makes a folder of a file that it is to mount and that is not there. Node's error does not say that it is one.
    const code = statSync('.env').isDirectory() ? 'EISDIR' : fileErrorCode(error);
    throw new ConfigError([`.env: it cannot be read: ${whyUnreadable(code)}`]);
  }
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(byteOrderMark)) continue;
    env[name.slice(byteOrderMark.length).replace(/^\s*(export\s+)?/, '')] ??= value;
    delete env[name];
  }
};
