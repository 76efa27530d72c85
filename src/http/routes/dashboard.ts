import { hash } from 'node:crypto';
import { Hono } from 'hono';
import { html as escapeHtml } from 'hono/html';
import * as z from 'zod';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Setup } from '../../dashboard/types.ts';
import { factNames } from '../../domain/facts.ts';
import { unusualDecimals } from '../../domain/rules/amounts.ts';
import { silenceLimits } from '../../domain/rules/silence-schema.ts';
import { typeMeanings } from '../../domain/type-meanings.ts';
import { eventFilters, filterNames } from '../../stores/event-filter.ts';
import { type Asset, asset, readAssets, sendAsset, types } from '../assets.ts';
import type { BasePath } from '../base-path.ts';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { type Paths, problems, text, unchanged } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { wantsHtml } from '../headers.ts';
import { maxNoteChars } from '../resolve-note.ts';

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
        200: text('The file.', ...new Set(Object.values(types))),
        304: unchanged,
        ...problems(404),
      },
    },
  },
};

/** The values of a filter that takes few; null for any text. */
const valuesOf = (name: (typeof filterNames)[number]): readonly string[] | null => {
  const { schema } = eventFilters[name];
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  return schema instanceof z.ZodBoolean ? ['true', 'false'] : null;
};

const setupOf = (webhookSources: readonly string[]): Setup => ({
  webhookSources,
  version: packageJson.version,
  factNames,
  unusualDecimals,
  typeMeanings,
  maxChars: { note: maxNoteChars, ...silenceLimits },
  filters: filterNames.map((name) => {
    const { description, how } = eventFilters[name];
    return { name, description, values: valuesOf(name), type: how === 'since' || how === 'until' ? 'time' : 'text' };
  }),
});

/** Where the browser finds what our modules import by name. */
const importMap = JSON.stringify({
  imports: {
    preact: './assets/preact.mjs',
    'preact/hooks': './assets/hooks.mjs',
    '@preact/signals': './assets/signals.module.js',
    '@preact/signals-core': './assets/signals-core.module.js',
    htm: './assets/htm.module.js',
  },
});

/**
 * Stricter than for the rest: the dashboard never makes markup of text, and the browser holds it to that. The map of
 * modules must stand in the document, so its hash is named.
 */
const policy = contentSecurityPolicy({
  'img-src': "'self'",
  'script-src': `'self' 'sha256-${hash('sha256', importMap, 'base64')}'`,
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
});

/** All modules are asked for at once, and not one after the other as each is found to import the next. */
const scriptTags = (files: readonly string[]): string =>
  [
    `<script type="importmap">${importMap}</script>`,
    ...files.map((name) => `<link rel="modulepreload" href="assets/${name}">`),
    '<script type="module" src="assets/main.js"></script>',
  ].join('\n    ');

const readHtml = (webhookSources: readonly string[], assets: ReadonlyMap<string, Asset>, template: string): string => {
  const modules = [...assets.keys()].filter((name) => /\.m?js$/.test(name));
  return template
    .replace('{scripts}', () => scriptTags(modules))
    .replace('{setup}', () => String(escapeHtml`${JSON.stringify(setupOf(webhookSources))}`));
};

/**
 * `GET /`, the dashboard, and `GET /assets/{file}`, its files, which hold nothing to protect.
 * @param webhookSources the sources that post to us, of which there is no list in the API
 */
export const dashboardRoutes = (webhookSources: readonly string[], basePath: Pick<BasePath, 'path'>) => {
  const { files, template } = readAssets();
  const html = asset(readHtml(webhookSources, files, template), 'text/html; charset=utf-8', {
    'content-security-policy': policy,
  });
  return new Hono<HttpEnv>()
    .get('/', (c) => {
      const { pathname, search } = new URL(c.req.url);
      // The addresses in the dashboard are relative to a path that ends in a slash.
      return pathname === basePath.path ? c.redirect(`${pathname}/${search}`, 308) : sendAsset(c, html);
    })
    .get('/assets/:file', (c) => {
      const file = files.get(c.req.param('file'));
      return file ? sendAsset(c, file) : c.notFound();
    });
};

/**
 * Leads a browser from the address of an alert or an event to the dashboard, as the links in notifications need; every
 * other caller goes on to the API. To be put before the routes of both.
 */
export const dashboardLinks = ({ path }: Pick<BasePath, 'path'>) =>
  new Hono<HttpEnv>()
    .get('/alerts/:alertId', (c, next) =>
      wantsHtml(c) ? c.redirect(`${path}/?${new URLSearchParams({ alert: c.req.param('alertId') })}`, 303) : next(),
    )
    .get('/events/:eventId', (c, next) =>
      wantsHtml(c) ? c.redirect(`${path}/?${new URLSearchParams({ event: c.req.param('eventId') })}`, 303) : next(),
    );
