import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/setup.ts'],
    reporters: ['default', './test/support/reporter.ts'],
    testTimeout: 60_000,
    // By default a core stays free, which on two cores means one file at a time; many files mostly wait.
    maxWorkers: '100%',
    isolate: false,
    restoreMocks: true,
    coverage: {
      provider: 'v8',
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
