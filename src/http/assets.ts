// The files of the dashboard and of its libraries, read once, and compressed once. No other file can be reached.
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import type { HttpEnv } from './env.ts';

const folder = new URL('../dashboard/', import.meta.url);

const script = 'text/javascript; charset=utf-8';
export const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': script,
  '.mjs': script,
  '.svg': 'image/svg+xml',
};

/** Each as its package has it, relative to a file of the package that can be named. */
const libraries: readonly (readonly [name: string, file: URL])[] = [
  ['preact.mjs', new URL(import.meta.resolve('preact'))],
  ['hooks.mjs', new URL(import.meta.resolve('preact/hooks'))],
  ['signals.module.js', new URL('signals.module.js', import.meta.resolve('@preact/signals'))],
  [
    'signals-core.module.js',
    new URL('../../signals-core/dist/signals-core.module.js', import.meta.resolve('@preact/signals')),
  ],
  ['htm.module.js', new URL('htm.module.js', import.meta.resolve('htm'))],
];

export interface Asset {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body compressed, made when it is first asked for. */
  readonly gzip: () => Uint8Array<ArrayBuffer>;
}

export const asset = (body: string, type: string, headers: Readonly<Record<string, string>> = {}): Asset => {
  let zipped: Uint8Array<ArrayBuffer> | undefined;
  return {
    body,
    headers: {
      'content-type': type,
      etag: `"${hash('sha256', body, 'base64url')}"`,
      // Names stay the same from version to version, so the browser asks each time, and mostly gets 304.
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      vary: 'Accept-Encoding',
      ...headers,
    },
    gzip() {
      zipped ??= new Uint8Array(gzipSync(body));
      return zipped;
    },
  };
};

export interface Assets {
  readonly files: ReadonlyMap<string, Asset>;
  /** The document, before what depends on the service is put in. */
  readonly template: string;
}

export const readAssets = (): Assets => {
  const own = readdirSync(folder).map((name) => [name, new URL(name, folder)] as const);
  return {
    template: readFileSync(new URL('index.html', folder), 'utf8'),
    files: new Map(
      [...own, ...libraries].flatMap(([name, file]) => {
        const type = types[extname(name)];
        // The maps of the libraries are not served.
        const text = type === undefined ? '' : readFileSync(file, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '');
        return type === undefined ? [] : [[name, asset(text, type)]];
      }),
    ),
  };
};

export const sendAsset = (c: Context<HttpEnv>, { body, headers, gzip }: Asset): Response => {
  if (c.req.header('if-none-match') === headers.etag) return c.body(null, 304, headers);
  const takesGzip = /\bgzip\b/i.test(c.req.header('accept-encoding') ?? '');
  return takesGzip ? c.body(gzip(), 200, { ...headers, 'content-encoding': 'gzip' }) : c.body(body, 200, headers);
};
