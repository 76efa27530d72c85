import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Their files take longest: what is begun last is what a run waits for. On a fresh clone nothing is known of the last run. */
const slow = ['/test/faults/', '/test/browser/', '/test/stores/postgres/', '/test/main.test.ts'];

const isSlow = ({ moduleId }: TestSpecification): boolean => slow.some((part) => moduleId.includes(part));

/** The order of the files of tests. */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const usual = await super.sort(files);
    return [...usual.filter(isSlow), ...usual.filter((file) => !isSlow(file))];
  }
}
