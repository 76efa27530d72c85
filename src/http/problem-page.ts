// A problem as a page, for a person who followed a link. Programs, the dashboard's own requests among them, get the problem.
import type { Context } from 'hono';
import * as z from 'zod';
import type { HttpEnv } from './env.ts';
import { wantsHtml } from './headers.ts';
import { errorPage } from './html-page.ts';

const shown = z.object({ title: z.string(), status: z.number(), detail: z.string() });

/** @param base the base path, without a slash at its end */
export const problemAsPage =
  (base: string) =>
  async (problem: Response, c: Context<HttpEnv>): Promise<Response> => {
    if (c.req.method !== 'GET' || !wantsHtml(c)) return problem;
    const { title, status, detail } = shown.parse(await problem.json());
    const headers = new Headers(problem.headers);
    headers.set('content-type', 'text/html; charset=utf-8');
    const page = await errorPage(base, { status, title, detail, requestId: c.get('requestId') });
    return new Response(String(page), { status, headers });
  };
