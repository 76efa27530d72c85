// Node-RED, to be measured beside. It comes from the npm registry into a temporary folder, for it is no dependency of ours.
import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '../src/lib/errors.ts';
import { type Running, start, temporaryFolder } from './processes.ts';

const version = '5.0.7';
const installTimeoutMs = 300_000;
const npmOptions = [
  '--no-save',
  '--no-package-lock',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--fetch-retries=1',
];

export interface NodeRed {
  start(env: Readonly<Record<string, string>>): Promise<Running>;
  remove(): Promise<void>;
}

/** Undefined where npm cannot install it; it is told why on stderr. */
export const installNodeRed = async (): Promise<NodeRed | undefined> => {
  const folder = await temporaryFolder();
  // Node-RED runs on the Node that the services run on, so npm does too.
  const path = [dirname(process.execPath), process.env.PATH].join(delimiter);
  try {
    await promisify(execFile)('npm', ['install', `node-red@${version}`, '--prefix', folder.path, ...npmOptions], {
      env: { ...process.env, PATH: path },
      timeout: installTimeoutMs,
    });
  } catch (error) {
    console.error(`Node-RED could not be installed: ${errorText(error)}`);
    await folder.remove();
    return undefined;
  }
  return {
    start: (env) => start('bench/peers/node-red.ts', { NODE_RED_FOLDER: folder.path, ...env }),
    remove: folder.remove,
  };
};
