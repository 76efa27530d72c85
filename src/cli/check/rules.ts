// The rules file as the service would load it: every problem with its place, and the result of its tests.
import type { Config } from '../../config/env.ts';
import { pageVariables } from '../../config/page-variables.ts';
import { problemLines } from '../../config/rules-report.ts';
import { reachesPeople } from '../../domain/rules/destination-schema.ts';
import type { LoadResult } from '../../domain/rules/load.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { counted } from '../../lib/counted.ts';
import { CommandFailed } from '../failures.ts';
import type { Io } from '../io.ts';
import { environmentDestinations, findRulesFile, tryRules } from '../load-rules.ts';
import type { Finding } from './finding.ts';

export interface RulesFindings {
  /** Null: there is no file, or it cannot be used. */
  readonly rules: Rules | null;
  readonly findings: readonly Finding[];
}

const what = 'rules';

const destinationFindings = ({ destinations }: Rules): readonly Finding[] =>
  destinations !== null && ![...destinations.values()].some(reachesPeople)
    ? [{ result: 'missing', what, detail: 'none of the destinations reaches people: nobody is notified' }]
    : [];

const describe = (path: string, result: LoadResult): RulesFindings => {
  if ('problems' in result)
    return {
      rules: null,
      findings: problemLines(path, result.problems).map((detail) => ({ result: 'failed', what, detail })),
    };
  const { rules, tests } = result;
  const routes = counted(rules.routes.length, 'route');
  const passed = tests.length === 0 ? 'it has no tests' : `${counted(tests.length, 'test')} passed`;
  const ok: Finding = { result: 'ok', what, detail: `${path}: ${routes}, ${passed}` };
  return { rules, findings: [ok, ...destinationFindings(rules)] };
};

/** @param config null when the environment is not usable: what it would give is not known then */
export const checkRules = async (config: Config | null, io: Io): Promise<RulesFindings> => {
  const path = config ? config.configFile : findRulesFile(io);
  if (path === null) return { rules: null, findings: [{ result: 'skipped', what, detail: 'there is no rules file' }] };
  const pages = config?.status.pages ?? [...pageVariables.keys()].map((name) => ({ name, url: null }));
  const routing = { routeWarning: config?.routing.routeWarning ?? false, destinations: environmentDestinations };
  try {
    return describe(path, await tryRules(path, { env: io.env, routing, pages }));
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    return { rules: null, findings: [{ result: 'failed', what, detail: error.message }] };
  }
};
