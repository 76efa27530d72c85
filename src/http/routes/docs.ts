// The API's description, as a document and as a page: Swagger UI out of its package, with nothing from elsewhere.
import { readFile } from 'node:fs/promises';
import { type Context, Hono } from 'hono';
import { etag, RETAINED_304_HEADERS } from 'hono/etag';
import * as z from 'zod';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { json, type Paths, problems, text, unchanged } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';

const css = 'text/css';
const script = 'text/javascript';

/** All that the page loads. Nothing else of the package, or of this folder, can be reached. */
const files: ReadonlyMap<string, { readonly url: string; readonly type: string }> = new Map([
  ['swagger-ui.css', { url: import.meta.resolve('swagger-ui-dist/swagger-ui.css'), type: css }],
  ['swagger-ui-bundle.js', { url: import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'), type: script }],
  ['docs.css', { url: import.meta.resolve('../docs/docs.css'), type: css }],
  ['start.js', { url: import.meta.resolve('../docs/start.js'), type: script }],
]);

const pageUrl = import.meta.resolve('../docs/index.html');

const policy = contentSecurityPolicy({ 'form-action': "'none'" });

const retainedHeaders = [...RETAINED_304_HEADERS, 'x-request-id', 'content-security-policy'];

export const docsPaths: Paths = {
  '/openapi.json': {
    get: {
      tags: ['documentation'],
      summary: 'Get this document, OpenAPI 3.1.',
      responses: {
        200: json('The document.', z.record(z.string(), z.unknown())),
        304: unchanged,
      },
    },
  },
  '/docs': {
    get: {
      tags: ['documentation'],
      summary: 'Show this document, with forms to try it.',
      responses: { 200: text('The HTML.', 'text/html'), 304: unchanged },
    },
  },
  '/docs/{file}': {
    get: {
      tags: ['documentation'],
      summary: 'Get a script or a style sheet of the documentation.',
      requestParams: { path: z.object({ file: z.enum([...files.keys()]) }) },
      responses: {
        200: text('A script or a style sheet.', script, css),
        304: unchanged,
        ...problems(404),
      },
    },
  },
};

/** @param describe builds the document, which is done once, when it is first asked for */
export const docsRoutes = (describe: () => Promise<object>) => {
  let document: Promise<string> | undefined;
  const send = async (c: Context<HttpEnv>, url: string, type: string) =>
    c.body(await readFile(new URL(url)), 200, { 'content-type': `${type}; charset=utf-8` });

  const app = new Hono<HttpEnv>();
  for (const path of ['/openapi.json', '/docs/*']) {
    app.use(path, etag({ retainedHeaders }), async (c, next) => {
      await next();
      c.header('cache-control', 'private, no-cache');
    });
  }
  return app
    .get('/openapi.json', async (c) => {
      document ??= describe().then((described) => JSON.stringify(described));
      return c.body(await document, 200, { 'content-type': 'application/json' });
    })
    .get('/docs', (c) => {
      c.header('content-security-policy', policy);
      return send(c, pageUrl, 'text/html');
    })
    .get('/docs/:file', (c) => {
      const file = files.get(c.req.param('file'));
      if (!file) throw new Problem({ status: 404, detail: 'the documentation has no file of this name' });
      return send(c, file.url, file.type);
    });
};
