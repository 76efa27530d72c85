import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes longest, in the order in which it begins: what is begun last is what a run waits for, and where all that mostly
 * waits came first, the cores would wait too. On a fresh clone nothing is known of the last run.
 */
const slow = [
  '/test/faults/outage.test.ts',
  '/test/faults/crash.test.ts',
  '/test/browser/dashboard.test.ts',
  '/test/stores/postgres/store.test.ts',
  '/test/main.test.ts',
  '/test/faults/polling.test.ts',
  '/test/faults/away.test.ts',
  '/test/stores/postgres/',
  '/test/ai/linear-time.test.ts',
  '/test/http/openapi-answers.test.ts',
  '/test/browser/',
  '/test/faults/',
  '/test/telemetry/tracing.test.ts',
  '/test/deploy/health-check.test.ts',
];

/** A file with a process of its own would end the process of others if it came between them, so it comes before them. */
const rank = ({ moduleId, project }: TestSpecification): number => {
  if (project.config.isolate) return -1;
  const place = slow.findIndex((part) => moduleId.includes(part));
  return place === -1 ? slow.length : place;
};

/** The order of the files of tests. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
