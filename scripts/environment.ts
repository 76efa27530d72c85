import type { Config } from '../src/config/env.ts';
import { loadConfig as load } from '../src/config/load.ts';

/**
 * The configuration of the environment and of .env, as the service would read it.
 * @param over variables that count instead of what is found, or where nothing is found
 * @throws {ConfigError} with every problem
 */
export const loadConfig = (over?: (env: NodeJS.ProcessEnv) => Readonly<Record<string, string | undefined>>): Config =>
  load(process, over);
