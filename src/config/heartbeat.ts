import { definePart, optional, withDefault } from './declare.ts';
import { urlOrNull } from './show.ts';
import { httpUrl, integer } from './values.ts';

export const heartbeatConfig = definePart({
  title: 'Heartbeat',
  prefixes: ['HEARTBEAT_'],
  variables: {
    HEARTBEAT_URL: optional(httpUrl, {
      about:
        "A dead-man's switch (Healthchecks, Cronitor, …). It gets a `GET` while everything works, else a `POST` to `{url}/fail` with the reason.",
      // The path of such an address is its secret.
      show: (url) => urlOrNull(url)?.replace(/^(\w+:\/\/[^/]+).*/, '$1/…') ?? null,
    }),
    HEARTBEAT_INTERVAL_SECONDS: withDefault(integer(1, 86_400), '60', {
      about: 'How often it is called. Leave it out when a rules file has `heartbeat.every`.',
      example: '',
    }),
  },
  read: (env) => ({ url: env.HEARTBEAT_URL ?? null, intervalSeconds: env.HEARTBEAT_INTERVAL_SECONDS }),
});
