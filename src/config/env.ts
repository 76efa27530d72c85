// The environment, read once into one typed object. Each part declares its variables beside its code; here they are put
// together, checked, and reported, all problems at once.
import { accessConfig } from '../http/access/config.ts';
import { httpConfig } from '../http/config.ts';
import { statusConfig } from '../ingest/polling/config.ts';
import { webhookVendors } from '../ingest/registry.ts';
import { stripeConfig } from '../ingest/stripe/config.ts';
import { ConfigError } from '../lib/errors.ts';
import { routingConfig } from '../pipeline/config.ts';
import { deliveryConfig } from '../sinks/config.ts';
import { pagerDutyConfig } from '../sinks/pagerduty/config.ts';
import { storeConfig } from '../stores/config.ts';
import { tracingConfig } from '../telemetry/config.ts';
import { declarationOf, type Given, type Part, type Setup } from './declare.ts';
import { heartbeatConfig } from './heartbeat.ts';
import { loggingConfig } from './logging.ts';
import { findMisspelt, type Misspelt } from './misspelt.ts';
import { outgoingConfig } from './outgoing.ts';
import { rulesFileConfig } from './rules-file.ts';

/** All parts, in the order in which they are documented. */
export const parts: readonly Part<unknown>[] = [
  httpConfig,
  accessConfig,
  loggingConfig,
  rulesFileConfig,
  ...webhookVendors.map(({ config }) => config),
  statusConfig,
  routingConfig,
  pagerDutyConfig,
  deliveryConfig,
  storeConfig,
  heartbeatConfig,
  outgoingConfig,
  tracingConfig,
];

/** The names of all variables, in the order in which they are documented. */
export const variableNames: readonly string[] = parts.flatMap(({ variables }) => Object.keys(variables));

type Environment = Readonly<Record<string, string | undefined>>;

/** Other programs name proxies in lower case, and curl reads HTTP_PROXY in no other way. */
const lookUp = (env: Environment, name: string): string | undefined =>
  env[name]?.trim() || (name.endsWith('_PROXY') ? env[name.toLowerCase()]?.trim() : undefined) || undefined;

const readSetup = (given: Given, env: Environment): Setup => ({
  isProduction: env.NODE_ENV?.trim() === 'production',
  reachesPeople: given.PAGERDUTY_ROUTING_KEY !== undefined,
});

const misspeltWarning = ({ name, meant }: Misspelt): string =>
  `${name} is not a variable of this service, and does nothing${meant === null ? '' : `: did you mean ${meant}?`}`;

/**
 * Of variables that look like ours and are none, for an environment that may not be usable.
 * @param rulesText the text of the rules file: what it takes by `${NAME}` is no mistake
 */
export const misspeltWarnings = (env: Environment, rulesText: string): readonly string[] =>
  findMisspelt(
    Object.keys(env).filter((name) => env[name]?.trim() && !rulesText.includes(`\${${name}}`)),
    variableNames,
    parts.flatMap(({ prefixes }) => prefixes),
  ).map(misspeltWarning);

/** The variables that say something else than their default. */
const namesOfOwn = (given: Given): readonly string[] =>
  parts.flatMap(({ variables }) =>
    Object.entries(variables).flatMap(([name, schema]) =>
      given[name] === undefined || given[name] === declarationOf(schema).default ? [] : [name],
    ),
  );

const pick = (given: Given, vendors: typeof webhookVendors): Given => {
  const names = vendors.flatMap(({ config }) => Object.keys(config.variables));
  return Object.fromEntries(names.map((name) => [name, given[name]]));
};

const arrange = (given: Given, { isProduction }: Setup) =>
  ({
    ...httpConfig.read(given),
    ...accessConfig.read(given),
    ...loggingConfig.read(given),
    ...rulesFileConfig.read(given),
    ...outgoingConfig.read(given),
    isProduction,
    /** The variables from which each webhook vendor makes its source. */
    webhooks: pick(given, webhookVendors),
    stripe: stripeConfig.read(given),
    status: statusConfig.read(given),
    routing: routingConfig.read(given),
    pagerduty: pagerDutyConfig.read(given),
    delivery: deliveryConfig.read(given),
    store: storeConfig.read(given),
    heartbeat: heartbeatConfig.read(given),
    tracing: tracingConfig.read(given),
  }) as const;

export interface Config extends ReturnType<typeof arrange> {
  /** The variables that are set to something else than their default, by name. */
  readonly given: readonly string[];
  /** What works, but is worth saying at start and in check. None of it holds a secret. */
  readonly warnings: readonly string[];
  /** Each variable as it may be logged, by name: secrets as set or not set, addresses without what may be one. */
  readonly described: Readonly<Record<string, unknown>>;
}

/**
 * Reads the environment.
 * @param rulesText see `misspeltWarnings`
 * @throws {ConfigError} with every problem, each beginning with the variable's name
 */
export const readConfig = (env: Environment, rulesText = ''): Config => {
  const given: Given = Object.fromEntries(variableNames.map((name) => [name, lookUp(env, name)]));
  const setup = readSetup(given, env);
  const problems = parts.flatMap((part) => part.check(given, setup));
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    ...arrange(given, setup),
    given: namesOfOwn(given),
    warnings: [...misspeltWarnings(env, rulesText), ...parts.flatMap((part) => part.warnings(given, setup))],
    described: Object.fromEntries(parts.flatMap((part) => Object.entries(part.describe(given)))),
  };
};

/**
 * The configuration as it may be logged, by variable. The port and the address are left to the one who listens, for the
 * port that is configured may be 0.
 */
export const describeConfig = ({ described }: Config): Readonly<Record<string, unknown>> => {
  const { PORT: _port, HOST: _host, ...rest } = described;
  return rest;
};
