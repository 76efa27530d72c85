import { existsSync } from 'node:fs';
import * as z from 'zod';
import { definePart, optional } from './declare.ts';

/** The rules file where CONFIG_FILE is not set. */
export const defaultRulesFile = 'vendor-signals.yaml';

/** The default one, if it is there. */
export const findDefaultRulesFile = (): string | null => (existsSync(defaultRulesFile) ? defaultRulesFile : null);

export const rulesFileConfig = definePart({
  title: 'Rules',
  prefixes: ['CONFIG_FILE'],
  variables: {
    CONFIG_FILE: optional(z.string(), {
      about: 'The rules: which events are sent where, holds, silences, further destinations.',
      defaultInWords: `\`${defaultRulesFile}\`, if it is there`,
    }),
  },
  read: (env) => ({ configFile: env.CONFIG_FILE ?? null }),
});
