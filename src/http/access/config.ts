// Access, and who is believed about where a request comes from.
import * as z from 'zod';
import { definePart, optional, withDefault } from '../../config/declare.ts';
import { setOrNot } from '../../config/show.ts';
import { flag, networks } from '../../config/values.ts';

/** In characters. */
const shortToken = 16;

export const apiToken = z
  .string()
  .regex(/^[\x21-\x7e]+$/, 'expected visible ASCII characters, which a header can carry');

export const accessConfig = definePart({
  title: 'Access',
  variables: {
    API_TOKEN: optional(apiToken, {
      about:
        'When it is set, every route but `/healthz`, `/readyz`, `POST /ingest/stripe` and `POST /hooks/status/{secret}` needs `Authorization: Bearer <API_TOKEN>`, or a session (sign in with the token at `/login`). Make a long one: `openssl rand -hex 32`. In production it needs at least 16 characters.',
      show: setOrNot,
    }),
    ALLOW_ANONYMOUS: withDefault(flag, 'false', {
      about:
        'Production (`NODE_ENV=production`, as in the Docker image) requires `API_TOKEN`, unless this is `true`. Do not set `NODE_ENV` in this file: it would win over the one of the image.',
    }),
    TRUSTED_PROXIES: withDefault(networks, '', {
      about:
        'Addresses and networks of the proxies in front of the service, separated by commas, such as `10.0.0.0/8`. Only their `X-Forwarded-For` is believed. The address of the client decides who has to wait after wrong tokens.',
    }),
  },
  problems({ API_TOKEN: token, ALLOW_ANONYMOUS: allowAnonymous }, { isProduction }) {
    if (!isProduction) return [];
    if (token === undefined && !allowAnonymous)
      return ['API_TOKEN: is required when NODE_ENV is production, unless ALLOW_ANONYMOUS=true lets everybody in'];
    return token !== undefined && token.length < shortToken
      ? [`API_TOKEN: is shorter than ${shortToken} characters, and can be guessed: make one with openssl rand -hex 32`]
      : [];
  },
  warnings({ API_TOKEN: token }) {
    if (token === undefined) return ['API_TOKEN is not set: everybody who reaches this port may do everything'];
    return token.length < shortToken ? [`API_TOKEN is shorter than ${shortToken} characters: it can be guessed`] : [];
  },
  read: (env) => ({
    apiToken: env.API_TOKEN ?? null,
    allowAnonymous: env.ALLOW_ANONYMOUS,
    trustedProxies: env.TRUSTED_PROXIES,
  }),
});
