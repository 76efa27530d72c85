// Sessions without a store: the cookie itself says since when it is good, signed with a key that follows from the token.
// So every replica knows the sessions of every other, and another token ends them all.
import { hkdfSync, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { cameOverHttps } from './origin.ts';

export interface Sessions {
  /** Sets the cookie of a new session. */
  start(c: Context): Promise<void>;
  isSignedIn(c: Context): Promise<boolean>;
  /** Ends the session in this process, whoever else has its cookie, and clears the cookie. */
  end(c: Context): Promise<void>;
}

export const cookieName = 'vendor-signals-session';
const lifetimeSeconds = 12 * 3600;
const maxEnded = 10_000;

/** A browser takes a name with the prefix __Host- only over https, from no other host and for no other path. */
const attributesOf = (c: Context) => {
  const attributes = { path: '/', httpOnly: true, sameSite: 'Strict' } as const;
  return cameOverHttps(c) ? ({ ...attributes, secure: true, prefix: 'host' } as const) : attributes;
};

interface Session {
  readonly id: string;
  readonly startedMs: number;
}

const readSession = (text: string): Session | null => {
  const [, id, startedMs] = /^([0-9a-f-]{36})\.(\d{1,15})$/.exec(text) ?? [];
  return id === undefined ? null : { id, startedMs: Number(startedMs) };
};

export const createSessions = (token: string, now: () => number): Sessions => {
  const key = hkdfSync('sha256', token, '', 'vendor-signals session cookie', 32);
  const ended = new Map<string, number>();
  let allEndedUntilMs = Number.NEGATIVE_INFINITY;

  const expiresMs = ({ startedMs }: Session) => startedMs + lifetimeSeconds * 1000;

  const current = async (c: Context): Promise<Session | null> => {
    const text = await getSignedCookie(c, key, cookieName, cameOverHttps(c) ? 'host' : undefined);
    const session = text ? readSession(text) : null;
    if (session === null || now() >= expiresMs(session)) return null;
    return session.startedMs <= allEndedUntilMs || ended.has(session.id) ? null : session;
  };

  /** When there is no room for one more ended session, all that began until now end: none ever comes back. */
  const remember = (session: Session): void => {
    if (ended.size >= maxEnded) for (const [id, expires] of ended) if (expires <= now()) ended.delete(id);
    if (ended.size >= maxEnded) {
      ended.clear();
      allEndedUntilMs = now();
    }
    ended.set(session.id, expiresMs(session));
  };

  return {
    start: (c) =>
      setSignedCookie(c, cookieName, `${randomUUID()}.${now()}`, key, { ...attributesOf(c), maxAge: lifetimeSeconds }),
    isSignedIn: async (c) => (await current(c)) !== null,
    async end(c) {
      const session = await current(c);
      if (session) remember(session);
      deleteCookie(c, cookieName, attributesOf(c));
    },
  };
};
