// Runs every example of docs/command.md, in order, and compares what it prints. `npx vitest run test/docs -u` writes it anew.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { ownCommands, serviceCommands } from '../../src/cli/commands.ts';
import { runCommand } from '../support/cli.ts';
import { startRunning } from '../support/running.ts';
import { emptyFolder } from '../support/script.ts';
import { webhookSecret } from '../support/stripe.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const path = join(root, 'docs/command.md');
const page = readFileSync(path, 'utf8');

const examples = /^```console\n(.*?)^```$/gms;
const named = /^```yaml\n# (\S+)\n(.*?)^```$/gms;
const program = '$ vendor-signals ';

/** The arguments of a command line, which may be in quotes. */
const splitLine = (line: string): readonly string[] =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** What is new at each run is as long as ever. */
const anyId = '00000000-0000-4000-8000-000000000000';
const withoutIds = (text: string): string =>
  text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, anyId);

/** In a folder of its own, where only the files of the page are. */
const goTo = (folder: string): void => {
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
};

it('every example prints what the page says', async () => {
  goTo(await emptyFolder());
  for (const [, name = '', text = ''] of page.matchAll(named)) await writeFile(name, text);
  const { url, clock, app } = await startRunning();
  const env = { STRIPE_WEBHOOK_SECRET: webhookSecret, VENDOR_SIGNALS_URL: url, STORE_URL: 'sqlite:/data/signals.db' };
  let silence = '';

  const run = async (line: string): Promise<string> => {
    const argv = splitLine(line.slice(program.length)).map((word) =>
      word.startsWith('fixtures/') ? join(root, word) : word.replace(`sil_${anyId}`, silence),
    );
    const { stdout, stderr } = await runCommand(argv, { env, isTerminal: true, width: 110, now: clock.now });
    await app.idle();
    silence = /sil_[0-9a-f-]+/.exec(stdout)?.[0] ?? silence;
    return `${line}\n${withoutIds(stdout + stderr)}`;
  };

  let real = page;
  for (const [block, body = ''] of page.matchAll(examples)) {
    const lines = body.split('\n').filter((line) => line.startsWith(program));
    expect(lines.length).toBeGreaterThan(0);
    const outputs: string[] = [];
    for (const line of lines) outputs.push(await run(line));
    real = real.replace(block, () => `\`\`\`console\n${outputs.join('')}\`\`\``);
  }
  await expect(real).toMatchFileSnapshot(path);
});

it.each([...ownCommands, ...serviceCommands].map(({ name }) => name))('the page has an example of %s', (name) => {
  const section = page.split(/^### /m).find((text) => text.startsWith(`${name === 'silences' ? 'silence' : name}\n`));
  expect(section).toMatch(new RegExp(`^(\\$ )?vendor-signals ${name}\\b`, 'm'));
});
