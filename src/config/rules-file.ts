import * as z from 'zod';
import { definePart, optional } from './declare.ts';

export const rulesFileConfig = definePart({
  title: 'Rules',
  prefixes: ['CONFIG_FILE'],
  variables: {
    CONFIG_FILE: optional(z.string(), {
      about: 'The rules: which events are sent where, holds, silences, further destinations.',
      defaultInWords: '`vendor-signals.yaml`, if it is there',
    }),
  },
  read: (env) => ({ configFile: env.CONFIG_FILE ?? null }),
});
