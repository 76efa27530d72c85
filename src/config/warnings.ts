import type { Config } from './env.ts';

/** What can be run like this, but is worth saying: what is open, unsigned, misspelt, or wakes nobody. */
export const warningsOf = ({ warnings }: Pick<Config, 'warnings'>): readonly string[] => warnings;
