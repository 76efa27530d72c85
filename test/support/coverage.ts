// The coverage of V8, asked for once a process has run its last file instead of after each one: an answer names every
// function that the process knows, and making, writing, reading and merging hundreds of them took a tenth of a run.
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import v8 from '@vitest/coverage-v8';
import type { CoverageProvider, CoverageProviderModule } from 'vitest/node';

/** After so many files that share processes none waits any more, so each may be the last one of its process. */
const lastFilesVariable = 'COVERAGE_LAST_FILES_AFTER';

/** How many files have ended, this one included. Processes count in a file of which each writes a byte. */
const countEnded = (folder: string): number => {
  const path = join(folder, 'ended');
  appendFileSync(path, '.');
  return statSync(path).size;
};

const getProvider = async (): Promise<CoverageProvider> => {
  const provider = await v8.getProvider();
  const { initialize, onAfterSuiteRun, onTestRunStart } = provider;
  let maxWorkers = 1;
  return Object.assign(provider, {
    initialize(vitest) {
      ({ maxWorkers } = vitest.config);
      return initialize.call(provider, vitest);
    },
    onTestRunStart(files) {
      const shared = files.filter(({ project }) => !project.config.isolate);
      // The environment of the processes that this one starts.
      process.env[lastFilesVariable] = String(shared.length - maxWorkers);
      return onTestRunStart?.call(provider, files);
    },
    // The projects load the same modules in the same way: as one, each module is reported once.
    onAfterSuiteRun: (meta) => onAfterSuiteRun.call(provider, { ...meta, projectName: 'shared' }),
  } satisfies Partial<CoverageProvider>);
};

export default {
  ...v8,
  startCoverage(options) {
    // Between the two calls the modules of a process of one file are loaded anew, and this one with them.
    if (options.isolate) delete process.env[lastFilesVariable];
    return v8.startCoverage?.(options);
  },
  takeCoverage(options) {
    if (!options) throw new Error('vitest says where coverage is written');
    const after = process.env[lastFilesVariable];
    const mayBeLast = after === undefined || countEnded(options.coverageFilesDirectory) > Number(after);
    return mayBeLast ? v8.takeCoverage?.(options) : undefined;
  },
  getProvider,
} satisfies CoverageProviderModule;
