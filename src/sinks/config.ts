import { definePart, withDefault } from '../config/declare.ts';
import { integer, maxTimerMs } from '../config/values.ts';

export const deliveryConfig = definePart({
  title: 'Delivery',
  prefixes: ['DELIVERY_'],
  variables: {
    DELIVERY_RETRY_MIN_MS: withDefault(integer(1, maxTimerMs), '1000', {
      about: 'The wait after the first failed attempt. It doubles with each further one, with jitter.',
    }),
    DELIVERY_RETRY_MAX_MS: withDefault(integer(1, maxTimerMs), '300000', {
      about: 'The longest wait between two attempts.',
    }),
    DELIVERY_MAX_AGE_SECONDS: withDefault(integer(1), '86400', {
      about: 'After this long a delivery is given up as failed, and logged as an error.',
    }),
    DELIVERY_CONCURRENCY: withDefault(integer(1, 1000), '8', {
      about: 'How many attempts run at once, at each destination.',
    }),
    DELIVERY_TIMEOUT_MS: withDefault(integer(1, maxTimerMs), '10000', { about: 'How long one attempt may take.' }),
  },
  problems: ({ DELIVERY_RETRY_MIN_MS: min, DELIVERY_RETRY_MAX_MS: max }) =>
    min > max ? ['DELIVERY_RETRY_MIN_MS: must not be greater than DELIVERY_RETRY_MAX_MS'] : [],
  read: (env) => ({
    retryMinMs: env.DELIVERY_RETRY_MIN_MS,
    retryMaxMs: env.DELIVERY_RETRY_MAX_MS,
    maxAgeSeconds: env.DELIVERY_MAX_AGE_SECONDS,
    concurrency: env.DELIVERY_CONCURRENCY,
    timeoutMs: env.DELIVERY_TIMEOUT_MS,
  }),
});
