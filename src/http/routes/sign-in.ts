import { Hono } from 'hono';
import * as z from 'zod';
import type { Log } from '../../lib/log.ts';
import type { Access } from '../access/access.ts';
import { nextPath } from '../access/next-path.ts';
import { crossSite, initiator, wantsHtml } from '../access/origin.ts';
import { formBody, json, type Paths, problems, problemsAsPages, redirect, text } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem, slowDown } from '../problem.ts';
import { readForm } from '../read.ts';
import { signInPage } from '../sign-in-page.ts';

const nextField = z.string().optional().meta({ description: 'Where to go on afterwards: a path of this service.' });

const formSchema = z.strictObject({ token: z.string().meta({ format: 'password' }), next: nextField });

const cookieHeader = z
  .string()
  .optional()
  .meta({ description: 'Sets the session, or clears it. Absent where there is no `API_TOKEN`.' });

const sessionSchema = z.strictObject({
  required: z.boolean().meta({ description: 'An API_TOKEN is configured.' }),
  signed_in: z.boolean(),
});

export const signInPaths: Paths = {
  '/session': {
    get: {
      tags: ['page'],
      summary: 'Tells whether one has to sign in, and has done so.',
      security: [],
      responses: { 200: json('The state of the session.', sessionSchema) },
    },
  },
  '/login': {
    get: {
      tags: ['page'],
      summary: 'Shows the form to sign in with.',
      security: [],
      requestParams: { query: z.object({ next: nextField }) },
      responses: {
        200: text('The form.', 'text/html'),
        303: redirect('Without an API_TOKEN there is nothing to sign in to.'),
      },
    },
    post: {
      tags: ['page'],
      summary: 'Gives a session for the token.',
      security: [],
      requestBody: formBody(formSchema),
      responses: {
        303: redirect('Signed in: to the page named by `next`.', { 'Set-Cookie': cookieHeader }),
        ...problems(400, 403),
        ...problemsAsPages(401, 429),
      },
    },
  },
  '/logout': {
    post: {
      tags: ['page'],
      summary: 'Ends the session.',
      security: [],
      responses: { 303: redirect('Signed out: to the form.', { 'Set-Cookie': cookieHeader }), ...problems(403) },
    },
  },
};

const refusal = (waitMs: number): Problem =>
  waitMs > 0
    ? slowDown('too many wrong tokens', waitMs)
    : new Problem({ status: 401, detail: 'this is not the token', headers: { 'www-authenticate': 'Bearer' } });

/**
 * Signing in with a browser: a form that takes the token once, and gives a session for it. All of it is open.
 * @param access null when no token is configured: everybody is let in, and there is nothing to sign in to
 */
export const signInRoutes = (access: Access | null, log: Log) =>
  new Hono<HttpEnv>()
    .get('/session', async (c) =>
      c.json<z.infer<typeof sessionSchema>>({
        required: access !== null,
        signed_in: access !== null && (await access.sessions.isSignedIn(c)),
      }),
    )
    .get('/login', async (c) => {
      const next = nextPath(c.req.query('next'));
      if (access === null) return c.redirect(next, 303);
      return c.html(signInPage({ next, signedIn: await access.sessions.isSignedIn(c) }));
    })
    .post('/login', async (c) => {
      if (initiator(c) === 'foreign') throw crossSite();
      const { token, next: asked } = await readForm(c, formSchema, 'a form with the field "token"');
      const next = nextPath(asked);
      if (access === null) return c.redirect(next, 303);
      const [address, requestId] = [c.get('address'), c.get('requestId')];
      const verdict = access.checkToken(token, { address, requestId, as: 'form' });
      if (verdict.right) {
        await access.sessions.start(c);
        log.info({ request_id: requestId, address }, 'session.started');
        return c.redirect(next, 303);
      }
      const refused = refusal(verdict.waitMs);
      if (!wantsHtml(c)) throw refused;
      const { status, detail, headers } = refused.fields;
      return c.html(signInPage({ next, signedIn: false, problem: detail }), status, headers);
    })
    .post('/logout', async (c) => {
      if (initiator(c) !== 'own') throw crossSite();
      await access?.sessions.end(c);
      log.info({ request_id: c.get('requestId') }, 'session.ended');
      return c.redirect('/login', 303);
    });
