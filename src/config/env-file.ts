// `.env` in the folder that the process was started in.
import { existsSync } from 'node:fs';

/** Editors on Windows begin a file with it, and Node takes it for a part of the first variable's name. */
const byteOrderMark = '\ufeff';

/** Reads the file, if it is there, into the environment, where what is there wins. */
export const readEnvFile = ({ env, loadEnvFile }: Pick<NodeJS.Process, 'env' | 'loadEnvFile'>): void => {
  if (!existsSync('.env')) return;
  loadEnvFile('.env');
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(byteOrderMark)) continue;
    env[name.slice(byteOrderMark.length).replace(/^\s*(export\s+)?/, '')] ??= value;
    delete env[name];
  }
};
