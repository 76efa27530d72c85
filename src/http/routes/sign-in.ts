import { type Context, Hono } from 'hono';
import * as z from 'zod';
import type { Log } from '../../lib/log.ts';
import type { Access } from '../access/access.ts';
import { nextPath } from '../access/next-path.ts';
import { demandInitiator, type Origins } from '../access/origin.ts';
import type { BasePath } from '../base-path.ts';
import { formBody, json, type Paths, problems, problemsAsPages, redirect, text } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { wantsHtml } from '../headers.ts';
import { wrongToken } from '../problem.ts';
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
      tags: ['dashboard'],
      summary: 'Tell whether signing in is required, and whether this browser has done so.',
      security: [],
      responses: { 200: json('The state of the session.', sessionSchema) },
    },
  },
  '/login': {
    get: {
      tags: ['dashboard'],
      summary: 'Show the form to sign in with.',
      security: [],
      requestParams: { query: z.object({ next: nextField }) },
      responses: {
        200: text('The form.', 'text/html'),
        303: redirect('Without an API_TOKEN there is nothing to sign in to.'),
      },
    },
    post: {
      tags: ['dashboard'],
      summary: 'Start a session with the token.',
      security: [],
      requestBody: formBody(formSchema),
      responses: {
        303: redirect('Signed in: to the address in `next`.', { 'Set-Cookie': cookieHeader }),
        ...problems(400, 403),
        ...problemsAsPages(401, 429),
      },
    },
  },
  '/logout': {
    post: {
      tags: ['dashboard'],
      summary: 'End the session.',
      security: [],
      responses: { 303: redirect('Signed out: to the form.', { 'Set-Cookie': cookieHeader }), ...problems(403) },
    },
  },
};

export interface SignInDeps {
  /** Null when no token is configured: everybody is let in, and there is nothing to sign in to. */
  readonly access: Access | null;
  readonly origins: Origins;
  readonly basePath: BasePath;
  readonly log: Log;
}

/** Signing in with a browser: a form that takes the token once, and gives a session for it. All of it is open. */
export const signInRoutes = ({ access, origins, basePath, log }: SignInDeps) => {
  const base = basePath.path;
  const isSignedIn = async (c: Context): Promise<boolean> =>
    access !== null && (await access.sessions.current(c)) !== null;
  const next = (asked: string | undefined): string => nextPath(asked, basePath);

  return new Hono<HttpEnv>()
    .get('/session', async (c) =>
      c.json<z.infer<typeof sessionSchema>>({ required: access !== null, signed_in: await isSignedIn(c) }),
    )
    .get('/login', async (c) => {
      const goOn = next(c.req.query('next'));
      if (access === null) return c.redirect(base + goOn, 303);
      return c.html(signInPage({ base, next: goOn, signedIn: await isSignedIn(c) }));
    })
    .post('/login', async (c) => {
      demandInitiator(origins, c, ['own', 'unknown']);
      const { token, next: asked } = await readForm(c, formSchema, 'a form with the field "token"');
      const goOn = next(asked);
      if (access === null) return c.redirect(base + goOn, 303);
      const [address, requestId] = [c.get('address'), c.get('requestId')];
      const verdict = access.checkToken(token, { address, requestId, as: 'form' });
      if (verdict.right) {
        await access.sessions.start(c);
        log.info({ request_id: requestId, address }, 'session.started');
        return c.redirect(base + goOn, 303);
      }
      const refused = wrongToken(verdict.waitMs, 'this is not the token');
      if (!wantsHtml(c)) throw refused;
      const { status, detail, headers } = refused.fields;
      return c.html(signInPage({ base, next: goOn, signedIn: false, problem: detail }), status, headers);
    })
    .post('/logout', async (c) => {
      demandInitiator(origins, c, ['own']);
      await access?.sessions.end(c);
      log.info({ request_id: c.get('requestId') }, 'session.ended');
      return c.redirect(`${base}/login`, 303);
    });
};
