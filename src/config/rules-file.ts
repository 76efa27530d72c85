import { existsSync, readFileSync, statSync } from 'node:fs';
import * as z from 'zod';
import { definePart, optional } from './declare.ts';

/** The rules file where CONFIG_FILE is not set. */
export const defaultRulesFile = 'vendor-signals.yaml';

/** The default one, if it is there. */
export const findDefaultRulesFile = (): string | null => (existsSync(defaultRulesFile) ? defaultRulesFile : null);

/** Far more than any rules file has. */
export const maxRulesBytes = 4_194_304;

/** The file's text, to look for names in; empty where it cannot be read, which is told when it is loaded. */
export const peekAtRules = (given: string | undefined): string => {
  const path = given?.trim() || defaultRulesFile;
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= maxRulesBytes ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
};

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
