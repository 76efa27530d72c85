// What a process reads around its environment: .env, the usual rules file, and certificates.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { emptyFolder } from '../support/script.ts';

const needed = { STRIPE_WEBHOOK_SECRET: 'whsec_1' };
const supportFile = (name: string): string => fileURLToPath(new URL(`../support/${name}`, import.meta.url));

/** A process in a folder of its own, whose `.env` sets a port. */
const processIn = async (files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = needed) => {
  const folder = await emptyFolder();
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const before = process.cwd();
  process.chdir(folder);
  onTestFinished(() => process.chdir(before));
  const own: NodeJS.ProcessEnv = { ...env };
  return { env: own, loadEnvFile: () => void Object.assign(own, { PORT: '4321' }) };
};

it('a folder without files leaves the defaults', async () => {
  expect(loadConfig(await processIn({}))).toMatchObject({ port: 3000, configFile: null });
});

it('.env is read where it is there', async () => {
  expect(loadConfig(await processIn({ '.env': 'PORT=4321\n' }))).toMatchObject({ port: 4321 });
});

it.each(['PORT=4321', 'export PORT=4321', '  PORT=4321'])(
  'the first variable of a .env that begins with a byte order mark is read (%s), and what is set before wins',
  async (line) => {
    const read = async (env: Readonly<Record<string, string>>) => {
      const text = `\ufeff${line}\nLOG_LEVEL=warn\n`;
      const own = await processIn({ '.env': text }, env);
      return loadConfig({ ...own, loadEnvFile: () => void Object.assign(own.env, parseEnv(text)) });
    };
    const first = await read(needed);
    expect(first).toMatchObject({ port: 4321, logLevel: 'warn' });
    expect(first.warnings.join()).not.toContain('is not a variable');
    expect(await read({ ...needed, PORT: '5' })).toMatchObject({ port: 5, warnings: first.warnings });
  },
);

it('a variable that the rules take looks like no mistake, in the usual file and in the one that is named', async () => {
  const rules = `version: 1\nheartbeat: { url: "\${HEARTBEAT_TARGET}" }\n`;
  const env = { ...needed, HEARTBEAT_TARGET: 'https://hush.test', HEARTBEAT_TARGETS: 'x' };
  const warned = (await loadConfig(await processIn({ 'vendor-signals.yaml': rules }, env))).warnings;
  expect(warned.filter((text) => text.includes('is not a variable'))).toEqual([
    'HEARTBEAT_TARGETS is not a variable of this service, and does nothing',
  ]);
  const named = await processIn({ 'own.yaml': rules }, { ...env, CONFIG_FILE: 'own.yaml' });
  expect(loadConfig(named).warnings).toEqual(warned);
});

it.each([
  ['a folder', 'it is a folder', async () => mkdir('.env')],
  ['not to be read', 'it may not be read', async () => writeFile('.env', '')],
])('a .env that is %s is a problem beside all others', async (_what, reason, make) => {
  const own = await processIn({}, { PORT: 'x', STRIPE_WEBHOOK_SECRET: 'whsec_1' });
  await make();
  const loadEnvFile = () => {
    throw Object.assign(new Error(), { code: 'EACCES' });
  };
  expect(() => loadConfig({ ...own, loadEnvFile })).toThrow(
    expect.objectContaining({
      problems: [`.env: it cannot be read: ${reason}`, expect.stringMatching(/^PORT: /)],
    }),
  );
});

it('vendor-signals.yaml is the rules file where it is there, and CONFIG_FILE wins', async () => {
  const files = { 'vendor-signals.yaml': 'version: 1\n' };
  expect(loadConfig(await processIn(files)).configFile).toBe('vendor-signals.yaml');
  expect(loadConfig(await processIn(files, { ...needed, CONFIG_FILE: 'other.yaml' })).configFile).toBe('other.yaml');
});

it.each([
  ['without a certificate', 'nothing\n', 'it holds no certificate in PEM form'],
  ['with one that is none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', ''],
])('NODE_EXTRA_CA_CERTS is refused for a file %s', async (_what, content, reason) => {
  const own = await processIn({ 'ca.pem': content }, { ...needed, NODE_EXTRA_CA_CERTS: 'ca.pem' });
  expect(() => loadConfig(own)).toThrow(`NODE_EXTRA_CA_CERTS: the file cannot be used: ${reason}`);
});

it('a file of certificates that cannot be used is told beside all other problems', async () => {
  const own = await processIn({}, { ...needed, PORT: 'x', NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' });
  expect(() => loadConfig(own)).toThrow(
    expect.objectContaining({
      problems: [expect.stringMatching(/^PORT: /), expect.stringMatching(/^NODE_EXTRA_CA_CERTS: /)],
    }),
  );
});

it('NODE_EXTRA_CA_CERTS may name a file of certificates', async () => {
  const path = supportFile('localhost-cert.pem');
  expect(loadConfig(await processIn({}, { ...needed, NODE_EXTRA_CA_CERTS: path })).extraCaCerts).toBe(path);
});
