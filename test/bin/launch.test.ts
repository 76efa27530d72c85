// The launcher, in a package of its own whose main file only says that it runs.
import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const binFolder = fileURLToPath(new URL('../../bin', import.meta.url));
const runs = "console.log(JSON.stringify(['runs', ...process.argv.slice(2)]));";
const waitsForSignal = `
  const timer = setInterval(() => undefined, 1000);
  process.on('SIGTERM', (signal: string) => { console.log('got', signal); clearInterval(timer); process.exitCode = 7; });
  console.log('waits');
`;

interface PackageOptions {
  /** Newer than the Node of this test: as an old Node sees the real one. */
  readonly needs?: string;
  readonly main?: string;
  /** What npm ci has left in the place of the package's own Node. */
  readonly brought?: 'a Node' | 'a file that is none';
}

const makePackage = async ({ needs = '>=24', main = runs, brought }: PackageOptions): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'launch-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(binFolder, join(folder, 'bin'), { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', engines: { node: needs } }));
  await mkdir(join(folder, 'src/cli'), { recursive: true });
  await mkdir(join(folder, 'scripts'));
  await writeFile(join(folder, 'src/cli/main.ts'), main);
  await writeFile(join(folder, 'scripts/some.ts'), main);
  if (brought) {
    const at = join(folder, 'node_modules/node/bin');
    await mkdir(at, { recursive: true });
    if (brought === 'a Node') await symlink(process.execPath, join(at, 'node'));
    else await writeFile(join(at, 'node'), 'not a program');
    if (brought !== 'a Node') await chmod(join(at, 'node'), 0o644);
  }
  return folder;
};

const start = (
  folder: string,
  args: readonly string[] = ['vendor-signals.js'],
  nodeOptions: readonly string[] = [],
) => {
  const [file = '', ...rest] = args;
  const child = spawn(process.execPath, [...nodeOptions, join(folder, 'bin', file), ...rest], {
    // While coverage is taken, Vitest switches off for its children what the launcher switches on.
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const said = Promise.withResolvers<void>();
  child.stdout.on('data', (data) => {
    stdout += data;
    said.resolve();
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const end = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, end, said: said.promise };
};

it('runs the service with the Node that it is started with, if that is new enough', async () => {
  const folder = await makePackage({});
  expect(await start(folder, ['vendor-signals.js', 'check', '--live']).end).toEqual({
    code: 0,
    stdout: '["runs","check","--live"]\n',
    stderr: '',
  });
});

it('keeps what it made of the modules beside them, and runs where it may not', async () => {
  const folder = await makePackage({ main: "import '../more.ts'; console.log('runs');" });
  await writeFile(join(folder, 'src/more.ts'), 'export const more = 1;');
  await start(folder).end;
  expect(await readdir(join(folder, 'node_modules/.cache/compiled'))).not.toEqual([]);

  await rm(join(folder, 'node_modules'), { recursive: true });
  await writeFile(join(folder, 'node_modules'), 'no folder can be made in a file');
  expect(await start(folder).end).toEqual({ code: 0, stdout: 'runs\n', stderr: '' });
});

it('keeps it for the threads of the service, too', async () => {
  const ask = "console.log(require('node:module').getCompileCacheDir())";
  const main = `import { Worker } from 'node:worker_threads'; new Worker(${JSON.stringify(ask)}, { eval: true });`;
  const folder = await makePackage({ main });
  expect((await start(folder).end).stdout).toContain(join(folder, 'node_modules/.cache/compiled'));
});

it('runs it with the Node that npm ci has brought, if its own is too old', async () => {
  const folder = await makePackage({ needs: '>=99', brought: 'a Node' });
  expect(await start(folder, ['vendor-signals.js', 'check']).end).toEqual({
    code: 0,
    stdout: '["runs","check"]\n',
    stderr: '',
  });
});

it('gives the Node that npm ci has brought the options that it was started with', async () => {
  const main = "import { getHeapStatistics } from 'node:v8'; console.log(getHeapStatistics().heap_size_limit);";
  const limitOf = async (needs: string): Promise<number> => {
    const folder = await makePackage({ needs, brought: 'a Node', main });
    return Number((await start(folder, ['vendor-signals.js'], ['--max-old-space-size=77']).end).stdout);
  };
  expect(await limitOf('>=99')).toBe(await limitOf('>=24'));
  expect(await limitOf('>=99')).toBeLessThan(5e8);
});

it.each(['>=24', '>=99'])('runs a script with its arguments (needs %s)', async (needs) => {
  const folder = await makePackage({ needs, brought: 'a Node' });
  expect(await start(folder, ['run.js', 'scripts/some.ts', '--keep']).end).toMatchObject({
    code: 0,
    stdout: '["runs","--keep"]\n',
  });
});

it.each([
  ['no Node was brought: install scripts or development dependencies were left out', {}],
  ['what was brought cannot run', { brought: 'a file that is none' } as const],
])('says in one sentence what is missing when %s', async (_, options) => {
  const { code, stdout, stderr } = await start(await makePackage({ needs: '>=99', ...options })).end;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(
    /^vendor-signals needs Node 99, .*: run "npm ci" .*, or install it from https:\/\/nodejs\.org\.\n$/,
  );
});

it('says in one sentence that packages are missing', async () => {
  const folder = await makePackage({ main: "import 'a-package-that-is-missing';" });
  const { code, stderr } = await start(folder).end;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^a package is missing \(.*a-package-that-is-missing.*\): run "npm ci" first\.\n$/);
});

it.each(['>=24', '>=99'])('passes SIGTERM on, and ends as the service ends (needs %s)', async (needs) => {
  const { child, end, said } = start(await makePackage({ needs, main: waitsForSignal, brought: 'a Node' }));
  await said;
  child.kill('SIGTERM');
  expect(await end).toEqual({ code: 7, stdout: 'waits\ngot SIGTERM\n', stderr: '' });
});

it.each([
  ['Dockerfile', /^ENTRYPOINT \[(.*)\]$/m],
  ['deploy/systemd/vendor-signals.service', /^ExecStart=(.*)$/m],
])('is started with the same options of Node by npm start and %s', async (file, line) => {
  const read = (path: string) => readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
  const optionsIn = (text: string | undefined) => text?.match(/(?<![\w-])--[\w=-]+/g);
  const { scripts } = JSON.parse(await read('package.json'));
  expect(optionsIn(line.exec(await read(file))?.[1])).toEqual(optionsIn(scripts.start));
  expect(optionsIn(scripts.start)).not.toBeNull();
});
