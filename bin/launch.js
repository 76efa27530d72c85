// Starts a TypeScript file of this package with a Node that can run it. Plain JavaScript that an old Node can read too:
// it either finds the Node that npm ci has brought, or says in one sentence what is missing.
// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packageUrl = new URL('../package.json', import.meta.url);
const { engines } = JSON.parse(readFileSync(packageUrl, 'utf8'));
const needed = Number(/\d+/.exec(engines.node)?.[0]);

const program = process.platform === 'win32' ? 'node.exe' : 'node';
/** Where the package "node" keeps its program; its install script puts it there. */
const brought = fileURLToPath(new URL(`../node_modules/node/bin/${program}`, import.meta.url));

/** @param {string} sentence */
const giveUp = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const howToGetNode = `run "npm ci" with its install scripts and development dependencies, which brings Node ${needed}, or install it from https://nodejs.org`;

/**
 * Passes signals on, so that whoever stops this process stops the service. On a terminal Ctrl-C reaches both by itself.
 * @param {import('node:child_process').ChildProcess} child
 */
const passSignalsTo = (child) => {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP', 'SIGUSR2'])) {
    process.on(signal, () => child.kill(signal));
  }
  process.on('SIGINT', () => {
    if (!process.stdin.isTTY) child.kill('SIGINT');
  });
};

/** With the options of Node that this process was started with. @param {string} file @param {readonly string[]} args */
const runElsewhere = (file, args) => {
  const child = spawn(brought, [...process.execArgv, file, ...args], { stdio: 'inherit' });
  child.on('error', (error) => {
    giveUp(`vendor-signals needs Node ${needed}, and ${brought} cannot be run (${error.message}): ${howToGetNode}.`);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
  passSignalsTo(child);
};

/** What this Node made of the modules when they were loaded before. Not in the system's temporary folder, which others share. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));

/** @param {string} file */
const runHere = async (file) => {
  // Halves the time to start. Where the folder cannot be written, as in the image, nothing is kept.
  const { directory } = module.enableCompileCache(compiled);
  // Threads find it there.
  if (directory !== undefined) process.env.NODE_COMPILE_CACHE = directory;
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ERR_MODULE_NOT_FOUND')
      giveUp(`a package is missing (${message.split('\n')[0]}): run "npm ci" first.`);
    if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') {
      giveUp('vendor-signals runs from a checkout or its Docker image, and not from a folder "node_modules".');
    }
    throw error;
  }
};

/**
 * @param {string} path of the TypeScript file, from the root of the package
 * @param {readonly string[]} args
 */
export const launch = async (path, args) => {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  if (Number(process.versions.node.split('.')[0]) >= needed) await runHere(file);
  else if (existsSync(brought)) runElsewhere(file, args);
  else giveUp(`vendor-signals needs Node ${needed}, and this is Node ${process.versions.node}: ${howToGetNode}.`);
};
