/** One thing that is wrong with a rules file, and where. Lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** Collects problems by their path in the file. */
export type Report = (path: Path, message: string, part?: 'value' | 'key') => void;

export const samePath = (path: Path): string => JSON.stringify(path);
