import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Their files take longest: what is begun last is what a run waits for. On a fresh clone nothing is known of the last run. */
const slow = [
  '/test/faults/',
  '/test/browser/',
  '/test/stores/postgres/',
  '/test/main.test.ts',
  '/test/stores/sqlite/store.test.ts',
  '/test/ai/linear-time.test.ts',
  '/test/http/openapi-answers.test.ts',
  '/test/telemetry/tracing.test.ts',
  '/test/deploy/health-check.test.ts',
];

/** A file with a process of its own would end the process of others if it came between them, so it comes before them. */
const rank = ({ moduleId, project }: TestSpecification): number => {
  if (project.config.isolate) return 0;
  return slow.some((part) => moduleId.includes(part)) ? 1 : 2;
};

/** The order of the files of tests. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
