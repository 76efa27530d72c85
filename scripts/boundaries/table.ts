// Who may import whom in src/. Paths are relative to src/; a folder stands for everything in it.
import type { Boundaries } from './rules.ts';

const port = '{event-store,event-filter,change-feed}.ts';
/** How a part declares its own piece of the configuration. */
const declaring = 'config/{declare,show,values}.ts';

export const boundaries: Boundaries = {
  /** The longest name that fits the importing file decides. Each may import its own folder, `lib` and `domain` as well. */
  parts: {
    lib: [],
    domain: ['lib'],
    ai: [],
    config: [],
    'config/env.ts': ['**/config.ts', 'ingest/registry.ts'],
    'config/missing.ts': ['ingest/stripe/config.ts'],
    ingest: ['pipeline/{topics,bus,signal-outcome}.ts', declaring],
    stores: [declaring],
    pipeline: ['stores', declaring],
    sinks: ['stores', 'pipeline/{topics,bus}.ts', declaring],
    explain: ['ingest', 'pipeline', 'stores'],
    report: ['stores'],
    http: ['ingest', 'pipeline', 'stores', 'explain', 'report', 'ai', declaring, 'dashboard/types.ts', 'sinks/*.ts'],
    dashboard: [],
    'dashboard/types.ts': ['http', 'ingest', 'explain', 'pipeline', 'report', 'sinks/*.ts', `stores/${port}`],
    telemetry: ['ingest', 'pipeline', 'stores', 'sinks', 'http/metrics.ts', declaring],
    cli: ['**'],
    '{app,start-stop,setup,service-rules}.ts': ['**'],
    'main.ts': ['**'],
  },
  /** A folder in one of these knows none of its neighbours but the shared, and only the doors may import it. */
  vendors: {
    in: ['ingest', 'sinks', 'stores'],
    shared: ['ingest/backfill', 'ingest/polling'],
    doors: [
      'ingest/{registry,built-in-severity}.ts',
      'sinks/registry.ts',
      'stores/open.ts',
      'config/{env,missing}.ts',
      'cli',
      '{app,start-stop,setup,service-rules}.ts',
      'main.ts',
    ],
  },
  /** A package with a place of its own. `node:module` has none: `createRequire` would hide imports from this check. */
  packages: {
    mitt: ['pipeline/bus.ts'],
    'prom-client': ['telemetry'],
    '@opentelemetry/*': ['telemetry'],
    pg: ['stores/postgres'],
    'node:sqlite': ['stores/sqlite'],
    stripe: ['ingest/stripe'],
    'node:module': [],
  },
  outside: ['package.json'],
};
