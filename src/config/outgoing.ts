// The proxy for requests to others, and the certificates that they trust beside Node's own.
import * as z from 'zod';
import { definePart, optional, withDefault } from './declare.ts';
import { urlOrNull } from './show.ts';
import { commaSeparated, proxyUrl } from './values.ts';

const proxy = (scheme: string) =>
  optional(proxyUrl, {
    about: `The proxy for ${scheme} requests to status pages and destinations. Loopback addresses are never asked through it.`,
    show: urlOrNull,
  });

export const outgoingConfig = definePart({
  title: 'Requests to others',
  variables: {
    HTTPS_PROXY: proxy('https'),
    HTTP_PROXY: proxy('http'),
    NO_PROXY: withDefault(z.string().transform(commaSeparated), '', {
      about: 'Hosts that are asked directly, separated by commas: `.internal.example.com,10.0.0.5`, or `*` for all.',
    }),
    NODE_EXTRA_CA_CERTS: optional(z.string(), {
      about: 'A PEM file with further certificate authorities, such as that of a proxy which looks into TLS.',
    }),
  },
  read: (env) => ({
    proxy: { https: env.HTTPS_PROXY ?? null, http: env.HTTP_PROXY ?? null, noProxy: env.NO_PROXY },
    extraCaCerts: env.NODE_EXTRA_CA_CERTS ?? null,
  }),
});
