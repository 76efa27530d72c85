const here = 'http://here.invalid';

/** Where to go after signing in: a path of this service, or `/` for anything else that was asked for. */
export const nextPath = (asked: string | undefined): string => {
  if (asked === undefined || !asked.startsWith('/')) return '/';
  // Read as a browser would, which takes "/\evil" for "//evil" and leaves tabs out.
  const url = URL.parse(asked, here);
  if (url === null || url.origin !== here || url.pathname === '/login') return '/';
  // Dot segments are gone only now, and "/.//evil" has become "//evil".
  return url.pathname.startsWith('//') ? '/' : `${url.pathname}${url.search}${url.hash}`;
};
