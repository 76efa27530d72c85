// Sessions without a store: the cookie itself says since when it is good, signed with a key that follows from the token.
// So every replica knows the sessions of every other, and another token ends them all. Signing out is known only to the
// replica that it was asked of (docs/adr/0025).
import { hkdfSync, randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getSignedCookie, setSignedCookie } from 'hono/cookie';
import { cameOverHttps } from './scheme.ts';

export interface Session {
  readonly id: string;
  readonly startedMs: number;
}

export interface Sessions {
  /** Sets the cookie of a new session. */
  start(c: Context): Promise<void>;
  /** The session that the request brings, if it is good. */
  current(c: Context): Promise<Session | null>;
  /** Ends the session in this process, for every holder of its cookie, and clears the cookie. */
  end(c: Context): Promise<void>;
  /**
   * Calls back once, when the session ends: signed out in this process, too old, or ended with all others. Gives a
   * function that takes the call back.
   */
  onEnd(session: Session, listener: () => void): () => void;
}

export interface SessionOptions {
  readonly token: string;
  readonly now: () => number;
  /** The path that the cookie is for, which depends on how the browser reached us. */
  readonly cookiePath?: (c: Context) => string;
  /** So many ended sessions are kept, 10,000 by default. */
  readonly maxEnded?: number;
}

export const cookieName = 'vendor-signals-session';
const lifetimeSeconds = 12 * 3600;

/**
 * A browser takes a name with the prefix __Host- only over https, from no other host, and for no path but `/`; one with
 * __Secure- only over https.
 */
const attributesOf = (c: Context, path: string) => {
  const attributes = { path, httpOnly: true, sameSite: 'Strict' } as const;
  if (!cameOverHttps(c)) return attributes;
  return { ...attributes, secure: true, prefix: path === '/' ? 'host' : 'secure' } as const;
};

const prefixesOf = (c: Context) => (cameOverHttps(c) ? (['host', 'secure'] as const) : ([undefined] as const));

const readSession = (text: string): Session | null => {
  const [, id, startedMs] = /^([0-9a-f-]{36})\.(\d{1,15})$/.exec(text) ?? [];
  return id === undefined ? null : { id, startedMs: Number(startedMs) };
};

const lifetimeMs = lifetimeSeconds * 1000;
const expiresMs = ({ startedMs }: Session): number => startedMs + lifetimeMs;

export const createSessions = ({ token, now, cookiePath = () => '/', maxEnded = 10_000 }: SessionOptions): Sessions => {
  const key = hkdfSync('sha256', token, '', 'vendor-signals session cookie', 32);
  const ended = new Map<string, number>();
  const listeners = new Map<() => void, Session>();
  let allEndedUntilMs = Number.NEGATIVE_INFINITY;

  const isOver = ({ id, startedMs }: Session): boolean =>
    // In either direction: our clock may step back.
    Math.abs(now() - startedMs) >= lifetimeMs || startedMs <= allEndedUntilMs || ended.has(id);

  const current = async (c: Context): Promise<Session | null> => {
    for (const prefix of prefixesOf(c)) {
      const text = await getSignedCookie(c, key, cookieName, prefix);
      const session = text ? readSession(text) : null;
      if (session !== null && !isOver(session)) return session;
    }
    return null;
  };

  const tellEnded = (): void => {
    for (const [listener, session] of listeners) if (isOver(session)) listener();
  };

  /** When there is no room for one more ended session, all that began until now end: none ever comes back. */
  const remember = (session: Session): void => {
    if (ended.size >= maxEnded) for (const [id, expires] of ended) if (expires <= now()) ended.delete(id);
    if (ended.size >= maxEnded) {
      ended.clear();
      allEndedUntilMs = now();
    }
    ended.set(session.id, expiresMs(session));
    tellEnded();
  };

  return {
    start: (c) =>
      setSignedCookie(c, cookieName, `${randomUUID()}.${now()}`, key, {
        ...attributesOf(c, cookiePath(c)),
        maxAge: lifetimeSeconds,
      }),
    current,
    async end(c) {
      const session = await current(c);
      if (session) remember(session);
      deleteCookie(c, cookieName, attributesOf(c, cookiePath(c)));
    },
    onEnd(session, listener) {
      const expiry = setTimeout(() => once(), Math.max(0, expiresMs(session) - now())).unref();
      const forget = (): void => {
        clearTimeout(expiry);
        listeners.delete(once);
      };
      const once = (): void => {
        forget();
        listener();
      };
      listeners.set(once, session);
      // It may have ended since the request was let in.
      if (isOver(session)) once();
      return forget;
    },
  };
};
