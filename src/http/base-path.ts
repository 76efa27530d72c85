// The service may be reached under a path of a proxy (PUBLIC_URL). The proxy may strip that path or leave it, so every
// route answers with and without it; what we write into answers always has it. A proxy that strips may also write the
// slashes of an id plainly, as nginx and Apache do; ids of AWS have some.
import { getPath } from 'hono/utils/url';

export interface BasePath {
  /** Without a slash at its end; empty when there is none. */
  readonly path: string;
  /** A path that was asked for, as our routes name it. */
  strip(pathname: string): string;
  /** The path of a request, as our routes name it. */
  pathOf(request: Request): string;
}

const vendorId = /^(\/(?:alerts|events)\/)(.*?)(\/resolve)?$/;

const encodeSlashes = (path: string): string =>
  path.replace(vendorId, (_, start: string, id: string, end = '') => `${start}${id.replaceAll('/', '%2F')}${end}`);

export const createBasePath = (publicUrl: string | null): BasePath => {
  const path = publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/$/, '');
  const strip = (pathname: string): string => {
    if (path === '' || !pathname.startsWith(path)) return pathname;
    const rest = pathname.slice(path.length);
    return rest === '' ? '/' : rest.startsWith('/') ? rest : pathname;
  };
  return { path, strip, pathOf: (request) => encodeSlashes(strip(getPath(request))) };
};
