// Whether the environment and .env make a usable configuration, what is missing, and what is worth saying.
import { type Config, misspeltWarnings } from '../../config/env.ts';
import { loadConfig } from '../../config/load.ts';
import { isGivenByRules, missingOf } from '../../config/missing.ts';
import { peekAtRules } from '../../config/rules-file.ts';
import { reachesPeople } from '../../domain/rules/destination-schema.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { ConfigError } from '../../lib/errors.ts';
import type { Io } from '../io.ts';
import type { Finding } from './finding.ts';

const what = 'environment';

/** The configuration, or what is wrong with each variable. */
export const readEnvironment = (io: Io): { readonly config: Config } | { readonly findings: readonly Finding[] } => {
  try {
    return { config: loadConfig(io) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map((detail): Finding => ({ result: 'failed', what, detail }));
    const misspelt = misspeltWarnings(io.env, peekAtRules(io.env.CONFIG_FILE)).map(
      (detail): Finding => ({ result: 'warning', what, detail }),
    );
    return { findings: [...problems, ...misspelt] };
  }
};

const consequences: Readonly<Record<string, string>> = {
  STRIPE_WEBHOOK_SECRET: 'webhooks of Stripe are refused',
  PAGERDUTY_ROUTING_KEY: 'nobody is notified',
  API_TOKEN: 'everybody who reaches the port may do everything',
  STORE_URL: 'everything is kept in memory, and a restart loses it',
};

/** A file that is refused may name people. */
const isRefused = ({ configFile }: Config, rules: Rules | null): boolean => rules === null && configFile !== null;

/** As the service decides whether a fixture may stand in for a status page. */
const hasPeople = (config: Config, rules: Rules | null): boolean => {
  if (rules?.destinations) return [...rules.destinations.values()].some(reachesPeople);
  return config.pagerduty.routingKey !== null || isRefused(config, rules);
};

const isSaid = (name: string, warnings: readonly string[]): boolean =>
  warnings.some((warning) => warning.startsWith(`${name} `));

/** @param rules null: there is no rules file, or it is refused */
export const environmentFindings = (config: Config, rules: Rules | null): readonly Finding[] => {
  const given = rules ?? { destinations: isRefused(config, rules) ? new Map() : null, statusPages: new Map() };
  const warnings = config.warnings.filter((text) => !isGivenByRules(text.split(' ')[0] ?? '', given));
  const missing = missingOf(config, given).filter((name) => !isSaid(name, warnings));
  const ofPage = hasPeople(config, rules)
    ? 'its status page is not read'
    : 'a fixture is read in its place, until a destination reaches people';
  const set = config.given.map((name) => `${name}=${JSON.stringify(config.described[name])}`);
  return [
    {
      result: 'ok',
      what,
      detail: `it is valid: ${set.join(' ')}`,
    },
    ...warnings.map((detail): Finding => ({ result: 'warning', what, detail })),
    ...missing.map((name): Finding => {
      const consequence = consequences[name] ?? ofPage;
      return { result: 'missing', what, detail: `${name} is not set: ${consequence}` };
    }),
  ];
};
