import type { Config } from '../config/env.ts';
import { loadConfig } from '../config/load.ts';
import { ConfigError } from '../lib/errors.ts';
import { CommandFailed } from './failures.ts';
import type { Io } from './io.ts';

/** Calls `read`. @throws {CommandFailed} with every problem of the environment */
export const readOrFail = <T>(read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandFailed(error.message, { cause: error });
    throw error;
  }
};

/**
 * The configuration of the environment and of .env, as the service would read it, for a command that looks at no
 * signature: without a signing secret it will do.
 * @throws {CommandFailed} with every problem
 */
export const loadConfiguration = (io: Io): Config =>
  readOrFail(() =>
    loadConfig(io, (env) => ({ ...env, STRIPE_WEBHOOK_SECRET: env.STRIPE_WEBHOOK_SECRET || 'whsec_unused' })),
  );
