// Reads the items of a vendor's list one by one, so that a malformed one costs only itself.
import type * as z from 'zod';
import { isWorse, type Severity } from '../domain/event.ts';
import { cut } from '../lib/text.ts';

export interface Malformed {
  readonly count: number;
  /** The first ones, each with its place and what is wrong with it. */
  readonly named: readonly string[];
}

const maxNamed = 10;

export interface ItemReader {
  /** The well-formed items of a list, each with the vendor's object. */
  read<T>(list: string, raws: readonly unknown[], schema: z.ZodType<T>): readonly { fields: T; raw: unknown }[];
  malformed(): Malformed;
}

export const createItemReader = (): ItemReader => {
  const named: string[] = [];
  let count = 0;

  const skip = (place: string, { issues }: z.ZodError): void => {
    count += 1;
    if (named.length >= maxNamed) return;
    const problems = issues.map(({ path, message }) => `${path.join('.') || 'item'}: ${message}`);
    named.push(cut(`${place}: ${problems.join(', ')}`, 500));
  };

  return {
    read: (list, raws, schema) =>
      raws.flatMap((raw, at) => {
        const { success, data, error } = schema.safeParse(raw);
        if (success) return [{ fields: data, raw }];
        skip(`${list}[${at}]`, error);
        return [];
      }),
    malformed: () => ({ count, named }),
  };
};

/** The named items, and how many more there are. */
export const malformedLines = ({ count, named }: Malformed): readonly string[] =>
  count > named.length ? [...named, `and ${count - named.length} more malformed items`] : named;

interface Ranked {
  readonly id: string;
  readonly severity: Severity | null;
  readonly isWell?: boolean;
  readonly isOver?: boolean;
}

const isOver = (item: Ranked): boolean => item.isWell === true || item.isOver === true;

const counts = (challenger: Ranked, known: Ranked): boolean =>
  isOver(challenger) === isOver(known)
    ? isWorse(challenger.severity ?? 'warning', known.severity ?? 'warning')
    : isOver(known);

/** Each id once, in its first place: of two items with one id the worse counts. */
export const withoutDuplicates = <T extends Ranked>(items: readonly T[]): readonly T[] => {
  const byId = new Map<string, T>();
  for (const item of items) {
    const known = byId.get(item.id);
    if (known === undefined || counts(item, known)) byId.set(item.id, item);
  }
  return [...byId.values()];
};
