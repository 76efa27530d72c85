import type { Context } from 'hono';
import { routePath } from 'hono/route';

/** The pattern of the route that answered; `none` where nothing matched, or the request was refused before. */
export const routeOf = (c: Context): string => {
  const path = routePath(c);
  return path === '' || path.endsWith('*') ? 'none' : path;
};
