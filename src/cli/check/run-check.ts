import { describeConfig } from '../../config/env.ts';
import type { ExitCode, Io } from '../io.ts';
import { colored, printJson } from '../text.ts';
import { environmentFindings, readEnvironment } from './environment.ts';
import type { Finding } from './finding.ts';
import { checkLive } from './live.ts';
import { checkRules } from './rules.ts';

const resultWidth = 7;

const printText = (findings: readonly Finding[], io: Io): void => {
  for (const { result, what, detail } of findings)
    io.print(`${colored(result.padEnd(resultWidth), io)}  ${what}: ${detail}`);
};

export interface CheckOptions {
  readonly live: boolean;
  /** With `live`, only this status page or destination. */
  readonly only: string | undefined;
  readonly json: boolean;
}

export const runCheck = async ({ live, only, json }: CheckOptions, io: Io): Promise<ExitCode> => {
  const environment = readEnvironment(io);
  const config = 'config' in environment ? environment.config : null;
  const { rules, findings: ofRules } = await checkRules(config, io);
  const ofEnvironment = 'config' in environment ? environmentFindings(environment.config, rules) : environment.findings;
  const isReady = ![...ofEnvironment, ...ofRules].some(({ result }) => result === 'failed');
  const skipped: Finding = {
    result: 'skipped',
    what: '--live',
    detail: 'nothing is asked until the problems above are solved',
  };
  const ofLive = !live ? [] : config && isReady ? await checkLive(config, rules, only, io) : [skipped];
  const findings = [...ofEnvironment, ...ofRules, ...ofLive];
  const ok = !findings.some(({ result }) => result === 'failed');
  if (json)
    printJson(
      { ok, findings, config: config && { port: config.port, host: config.host, ...describeConfig(config) } },
      io,
    );
  else printText(findings, io);
  return ok ? 0 : 1;
};
