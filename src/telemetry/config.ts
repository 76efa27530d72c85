import * as z from 'zod';
import { definePart, optional, withDefault } from '../config/declare.ts';
import { urlOrNull } from '../config/show.ts';
import { headerPairs, httpUrl } from '../config/values.ts';

export const tracingConfig = definePart({
  title: 'Traces',
  // No prefix: OTEL_ has many standard variables that are read by others.
  variables: {
    OTEL_EXPORTER_OTLP_ENDPOINT: optional(httpUrl, {
      about:
        'A collector that takes OTLP over HTTP, such as `http://localhost:4318`; `/v1/traces` is added to it. Not set: no traces.',
      show: urlOrNull,
    }),
    OTEL_EXPORTER_OTLP_HEADERS: withDefault(headerPairs, '', {
      about:
        'Headers for it, as `name=value` pairs separated by commas, the values percent-encoded. A key for it goes here.',
      show: (headers) => (Object.keys(headers).length === 0 ? 'not set' : 'set'),
    }),
    OTEL_SERVICE_NAME: withDefault(z.string(), 'vendor-signals', { about: 'The name of this service there.' }),
  },
  read: (env) => ({
    endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    headers: env.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: env.OTEL_SERVICE_NAME,
  }),
});
