import { existsSync } from 'node:fs';
import { type Config, readConfig } from '../src/config/env.ts';

/**
 * The configuration of the environment and of .env, as the service would read it.
 * @param over variables that count instead of what is found, or where nothing is found
 * @throws {ConfigError} with every problem
 */
export const loadConfig = (
  over: (env: NodeJS.ProcessEnv) => Readonly<Record<string, string | undefined>> = (env) => env,
): Config => {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return readConfig(over(process.env));
};
