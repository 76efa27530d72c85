import { presets } from '../../src/config/presets/presets.ts';
import { type LoadOptions, type LoadResult, loadRules } from '../../src/domain/rules/load.ts';
import type { Rules } from '../../src/domain/rules/rules.ts';
import type { Subject } from '../../src/domain/rules/when.ts';
import { builtInSeverity } from '../../src/ingest/built-in-severity.ts';

/** What a file is loaded with: two status pages of the environment, the mock, and four variables. */
export const loadOptions = (options: Partial<LoadOptions> = {}): LoadOptions => ({
  fileName: 'vendor-signals.yaml',
  env: {
    PAGERDUTY_ROUTING_KEY: '0123456789abcdef0123456789abcdef',
    BACKUP_URL: 'https://backup.example/hooks/4f1c9a',
    BACKUP_SECRET: 'whsec_c2VjcmV0LW9mLXRoZS10ZXN0',
    SLACK_BOT_TOKEN: 'xoxb-test-token',
  },
  readFile: (path) => {
    throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  },
  environment: {
    routeWarning: false,
    destinations: ['mock'],
    pages: [
      { name: 'spreedly', variable: null },
      { name: 'braze', variable: null },
    ],
  },
  presets,
  builtInSeverity,
  ...options,
});

export const load = (text: string, options: Partial<LoadOptions> = {}): LoadResult =>
  loadRules(text, loadOptions(options));

/** The rules of a file that must be valid. */
export const rulesOf = (text: string, options: Partial<LoadOptions> = {}): Rules => {
  const result = load(text, options);
  if ('rules' in result) return result.rules;
  throw new Error(result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'));
};

/** The problems of a file, one line each. */
export const problemsOf = (text: string, options: Partial<LoadOptions> = {}): readonly string[] => {
  const result = load(text, options);
  return 'rules' in result ? [] : result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

/** A component of GitHub in a major outage, or what is given instead. */
export const aSubject = (event: Partial<Subject['event']> = {}, facts: Subject['facts'] = {}): Subject => ({
  event: {
    source: 'github_status',
    kind: 'status',
    service: 'Actions',
    summary: 'Actions: major_outage',
    severity: 'critical',
    ...event,
  },
  facts: { page: 'github', item: 'component', component: 'Actions', status: 'major_outage', ...facts },
});
