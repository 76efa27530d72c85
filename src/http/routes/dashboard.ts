import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { BasePath } from '../base-path.ts';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { type Paths, problems, text, unchanged } from '../describe.ts';
import type { HttpEnv } from '../env.ts';

const folder = new URL('../../dashboard/', import.meta.url);

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Stricter than for the rest: the dashboard never makes markup of text, and the browser holds it to that. */
const policy = contentSecurityPolicy({
  'img-src': "'self'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
});

interface Asset {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const asset = (body: string, type: string, headers: Readonly<Record<string, string>> = {}): Asset => ({
  body,
  headers: {
    'content-type': type,
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    // Names stay the same from version to version, so the browser asks each time, and mostly gets 304.
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    ...headers,
  },
});

/** The files of the dashboard, read once. No other file can be reached. */
const readAssets = (): ReadonlyMap<string, Asset> =>
  new Map(
    readdirSync(folder).flatMap((name) => {
      const type = types[extname(name)];
      return type === undefined ? [] : [[name, asset(readFileSync(new URL(name, folder), 'utf8'), type)]];
    }),
  );

const send = (c: Context<HttpEnv>, { body, headers }: Asset): Response =>
  c.req.header('if-none-match') === headers.etag ? c.body(null, 304, headers) : c.body(body, 200, headers);

export const dashboardPaths: Paths = {
  '/': {
    get: {
      tags: ['dashboard'],
      summary: 'Show the dashboard.',
      responses: { 200: text('The dashboard.', 'text/html'), 304: unchanged },
    },
  },
  '/assets/{file}': {
    get: {
      tags: ['dashboard'],
      summary: 'Get a script, a style sheet or a picture of the dashboard.',
      security: [],
      requestParams: { path: z.object({ file: z.string() }) },
      responses: {
        200: text('The file.', ...Object.values(types)),
        304: unchanged,
        ...problems(404),
      },
    },
  },
};

/**
 * `GET /`, the dashboard, and `GET /assets/{file}`, its files, which hold nothing to protect.
 * @param webhookSources the sources that post to us, of which there is no list in the API
 */
export const dashboardRoutes = (webhookSources: readonly string[], basePath: Pick<BasePath, 'path'>) => {
  const html = readFileSync(new URL('index.html', folder), 'utf8').replace('{sources}', webhookSources.join(' '));
  const page = asset(html, 'text/html; charset=utf-8', { 'content-security-policy': policy });
  const assets = readAssets();
  return new Hono<HttpEnv>()
    .get('/', (c) => {
      const { pathname, search } = new URL(c.req.url);
      // The addresses in the dashboard are relative to a path that ends in a slash.
      return pathname === basePath.path ? c.redirect(`${pathname}/${search}`, 308) : send(c, page);
    })
    .get('/assets/:file', (c) => {
      const file = assets.get(c.req.param('file'));
      return file ? send(c, file) : c.notFound();
    });
};
