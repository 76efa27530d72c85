// Reads the configuration of a process: the environment, .env beside it, and the files that variables name.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { ConfigError, errorText } from '../lib/errors.ts';
import { type Config, readConfig } from './env.ts';
import { readEnvFile } from './env-file.ts';
import { findDefaultRulesFile, peekAtRules } from './rules-file.ts';

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** @throws when the file cannot be read, holds no certificate, or one that is none */
const readCertificates = (path: string): readonly string[] => {
  const certificates = readFileSync(path, 'utf8').match(certificate) ?? [];
  if (certificates.length === 0) throw new Error('it holds no certificate in PEM form');
  for (const text of certificates) new X509Certificate(text);
  return certificates;
};

const certsName = 'NODE_EXTRA_CA_CERTS';

/**
 * Trusts the certificates of a file beside those of Node, for all connections that are made from now on. Node reads the
 * variable itself when it starts, too early for .env, and only warns of a file that it cannot read.
 * @throws {ConfigError}
 */
const trustExtraCaCerts = (path: string | null): void => {
  if (path === null) return;
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ...readCertificates(path)]);
  } catch (error) {
    throw new ConfigError([`${certsName}: the file cannot be used: ${errorText(error)}`]);
  }
};

const problemsOf = (work: () => void): readonly string[] => {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

/** What is wrong with the file, beside variables that are invalid; nothing where the variable itself is. */
const problemsOfCerts = (env: NodeJS.ProcessEnv, found: readonly string[]): readonly string[] =>
  found.some((problem) => problem.startsWith(`${certsName}:`))
    ? []
    : problemsOf(() => trustExtraCaCerts(env[certsName]?.trim() || null));

/**
 * @param process reads `.env` into its environment, where what is there wins
 * @param over variables that count instead of what is found, or where nothing is found
 * @throws {ConfigError} with every problem
 */
export const loadConfig = (
  process: Pick<NodeJS.Process, 'env' | 'loadEnvFile'>,
  over: (env: NodeJS.ProcessEnv) => Readonly<Record<string, string | undefined>> = (env) => env,
): Config => {
  const ofFile = problemsOf(() => readEnvFile(process));
  const env = over(process.env);
  let config: Config | undefined;
  const found = problemsOf(() => {
    config = readConfig(env, peekAtRules(env.CONFIG_FILE));
  });
  const problems = [...ofFile, ...found, ...problemsOfCerts(env, found)];
  if (problems.length > 0 || !config) throw new ConfigError(problems);
  return { ...config, configFile: config.configFile ?? findDefaultRulesFile() };
};
