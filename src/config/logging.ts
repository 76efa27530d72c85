import * as z from 'zod';
import { definePart, optional, withDefault } from './declare.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const formats = ['json', 'pretty'] as const;

export const loggingConfig = definePart({
  title: 'Logs',
  variables: {
    LOG_LEVEL: withDefault(z.enum(levels, `expected one of ${levels.join(', ')}`), 'info', {
      about: 'One of `trace`, `debug`, `info`, `warn`, `error`, `fatal` and `silent`.',
    }),
    LOG_FORMAT: optional(z.enum(formats, `expected one of ${formats.join(', ')}`), {
      about: '`json` writes one object a line, `pretty` is for reading on a terminal.',
      defaultInWords: '`pretty` on a terminal, else `json`',
    }),
  },
  // LOG_ is a prefix of many programs.
  read: (env) => ({ logLevel: env.LOG_LEVEL, logFormat: env.LOG_FORMAT ?? null }),
});
