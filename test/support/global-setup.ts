import { runFolder } from './once-a-run.ts';

/** Before the first process of tests is started, which is told of the folder. */
export const setup = (): void => void runFolder();
