import { describeConfig } from '../../config/env.ts';
import { environmentFindings, readEnvironment } from '../check/environment.ts';
import type { Finding } from '../check/finding.ts';
import { checkLive } from '../check/live.ts';
import { checkRules } from '../check/rules.ts';
import { defineCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import type { Io } from '../io.ts';
import { colored, printJson } from '../text.ts';

const resultWidth = 7;

const printText = (findings: readonly Finding[], io: Io): void => {
  for (const { result, what, detail } of findings)
    io.print(`${colored(result.padEnd(resultWidth), io)}  ${what}: ${detail}`);
};

export const check = defineCommand({
  name: 'check',
  args: '',
  count: [0, 0],
  about: [
    'Checks the environment and .env, and the rules file with its tests, as the service would read them, and tells every',
    'problem at once. With --live it also reads each status page, looks at the store without touching it, and sends each',
    'destination a test message and its end. It ends with 1 when something would keep the service from working.',
  ],
  options: {
    live: { type: 'boolean', about: 'Ask the status pages, the store and the destinations, too.' },
    only: { type: 'string', value: 'NAME', about: 'With --live, only this status page or destination.' },
    json: { type: 'boolean', about: 'Print the findings and the configuration, without its secrets, as JSON.' },
  },
  examples: ['check', 'check --live --only oncall'],
  async run({ live = false, only, json }, _args, io) {
    if (only !== undefined && !live) throw new WrongUsage('--only goes with --live');
    const environment = readEnvironment(io);
    const config = 'config' in environment ? environment.config : null;
    const { rules, findings: ofRules } = await checkRules(config, io);
    const ofEnvironment =
      'config' in environment ? environmentFindings(environment.config, rules) : environment.findings;
    const isReady = ![...ofEnvironment, ...ofRules].some(({ result }) => result === 'failed');
    const skipped: Finding = {
      result: 'skipped',
      what: '--live',
      detail: 'nothing is asked before the above is usable',
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
  },
});
