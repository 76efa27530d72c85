import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slow-first.ts';

/** They count all timers of their process, in which something of another file may still end. */
const countTimers = [
  'test/sinks/deliverer.test.ts',
  'test/sinks/lane.test.ts',
  'test/http/access/sessions.test.ts',
  'test/http/live/feed.test.ts',
  'test/dashboard/lease.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      // A process for each file would spend most of its time on loading the modules.
      {
        extends: true,
        test: { name: 'shared', isolate: false, include: ['test/**/*.test.ts'], exclude: countTimers },
      },
      { extends: true, test: { name: 'alone', include: countTimers } },
    ],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    reporters: ['default', './test/support/reporter.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Five more than there are cores, since those that kill processes and servers mostly wait.
    maxWorkers: availableParallelism() + 5,
    sequence: { sequencer: SlowFirst },
    restoreMocks: true,
    coverage: {
      provider: 'custom',
      customProviderModule: './test/support/coverage.ts',
      include: ['src/**/*.{ts,js}'],
      // These run in the browser alone: test/browser drives them in a real one, where nothing counts their lines. What the
      // page decides is in the modules beside them, and counts.
      exclude: [
        'src/dashboard/{*-view,action-view,alert-actions,alert-row,api,clock,heard,html,leader,live,main,more,parts,resource,settings,state,stream}.js',
      ],
      reporter: ['text-summary', 'text'],
      thresholds: { lines: 95, branches: 95 },
    },
  },
});
