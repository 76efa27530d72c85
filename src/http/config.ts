// Where the service listens, and how people reach it.
import { definePart, optional, withDefault } from '../config/declare.ts';
import { host, integer, publicAddress } from '../config/values.ts';

/** The first segments of our own paths, which a base path cannot begin with: `/events` would be two things. */
export const ownSegments: ReadonlySet<string> = new Set([
  'ai',
  'alerts',
  'assets',
  'deliveries',
  'destinations',
  'docs',
  'events',
  'healthz',
  'hooks',
  'ingest',
  'live',
  'login',
  'logout',
  'metrics',
  'openapi.json',
  'pages',
  'readyz',
  'routing',
  'rules',
  'session',
  'silences',
  'sources',
]);

const firstSegment = (url: string): string => new URL(url).pathname.slice(1).replace(/\/.*/, '');

export const httpConfig = definePart({
  title: 'Where it listens',
  variables: {
    PORT: withDefault(integer(0, 65535), '3000', {
      about: 'The port. `0` picks a free one; the log line `server.listening` has it.',
    }),
    HOST: withDefault(host, '0.0.0.0', { about: 'The address to listen at.' }),
    PUBLIC_URL: optional(publicAddress, {
      about:
        'Where people reach the dashboard, with a base path if there is one: `https://ops.example.com/signals`. Links in notifications, cookies and redirects respect it, whether or not the proxy strips the path. Changes made in a browser are refused under any other name than this and localhost.',
    }),
    MAX_BODY_BYTES: withDefault(integer(1), '1048576', {
      about: "The largest request body, in bytes. Stripe's are far below it.",
    }),
    SHUTDOWN_GRACE_SECONDS: withDefault(integer(0, 3600), '10', {
      about:
        'How long a stop (SIGTERM, SIGINT) waits for requests and deliveries in flight. A second signal ends the process at once.',
    }),
  },
  problems: ({ PUBLIC_URL: url }) =>
    url !== undefined && ownSegments.has(firstSegment(url))
      ? [`PUBLIC_URL: its path must not begin with /${firstSegment(url)}, which is a path of this service`]
      : [],
  read: (env) => ({
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL ?? null,
    maxBodyBytes: env.MAX_BODY_BYTES,
    shutdownGraceSeconds: env.SHUTDOWN_GRACE_SECONDS,
  }),
});
