import type { BasePath } from '../base-path.ts';

const here = 'http://here.invalid';

/** Where to go after signing in: a path of this service, without its base path, or `/` for anything else. */
export const nextPath = (asked: string | undefined, { strip }: Pick<BasePath, 'strip'>): string => {
  if (asked === undefined || !asked.startsWith('/')) return '/';
  // Read as a browser would, which takes "/\evil" for "//evil" and leaves tabs out.
  const url = URL.parse(asked, here);
  if (url === null || url.origin !== here) return '/';
  const path = strip(url.pathname);
  // Dot segments are gone only now, and "/.//evil" has become "//evil".
  return path === '/login' || path.startsWith('//') ? '/' : `${path}${url.search}${url.hash}`;
};
