import type { Reporter, TestModule } from 'vitest/node';

/** Ends a run with the one line that tools read: `N passed, N failed, N skipped`. */
export default class CountReporter implements Reporter {
  #line = '';

  // The tables of the coverage are written after the last call of a reporter.
  onInit(): void {
    process.once('exit', () => process.stdout.write(this.#line));
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      // A file that does not load has no tests that could fail.
      if (module.errors().length > 0) counts.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== 'pending') counts[state] += 1;
      }
    }
    this.#line = `\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`;
  }
}
