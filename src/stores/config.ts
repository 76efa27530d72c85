import { definePart, withDefault } from '../config/declare.ts';
import { integer, storeKindOf, storeUrl } from '../config/values.ts';

/** A database's URL holds its password, and its parameters may too. */
const publicStoreUrl = (text: string): string => {
  const url = text.startsWith('postgres') ? URL.parse(text) : null;
  return url ? `postgres://${url.host}${url.pathname}` : text.replace(/^(postgres(ql)?:).*/, '$1…');
};

export const storeConfig = definePart({
  title: 'Storage',
  prefixes: ['STORE_', 'DEDUPE_', 'EVENT_RETENTION', 'EVENT_CAPACITY'],
  variables: {
    STORE_URL: withDefault(storeUrl, 'memory:', {
      about:
        '`memory:` keeps nothing across a restart. `sqlite:PATH` is for one machine, `postgres://user:password@host/database` for several replicas.',
      show: publicStoreUrl,
    }),
    EVENT_CAPACITY: withDefault(integer(1), '10000', { about: 'How many of the newest events `memory:` keeps.' }),
    DEDUPE_CAPACITY: withDefault(integer(1), '100000', { about: 'How many ids seen before `memory:` keeps.' }),
    EVENT_RETENTION_DAYS: withDefault(integer(1, 36_500), '30', {
      about:
        'How long SQLite and PostgreSQL keep events that are over. Open ones, and those with a delivery that waits, stay.',
    }),
  },
  warnings: ({ STORE_URL: url }, { isProduction }) =>
    isProduction && storeKindOf(url) === 'memory'
      ? ['STORE_URL is memory: in production: a restart loses every event, and every delivery that waits']
      : [],
  read: (env) => ({
    url: env.STORE_URL,
    eventCapacity: env.EVENT_CAPACITY,
    dedupeCapacity: env.DEDUPE_CAPACITY,
    retentionDays: env.EVENT_RETENTION_DAYS,
  }),
});
