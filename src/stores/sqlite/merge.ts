// Several lists, each newest first, as one.

/** Reads so many rows of one list at a time. */
export type ReadChunk = (list: number, before: number, limit: number) => readonly number[];

interface Head {
  readonly list: number;
  chunk: readonly number[];
  at: number;
}

const chunkLength = 32;

/** The sequences of all lists before this one, newest first. */
export function* mergeNewestFirst(lists: readonly number[], before: number, read: ReadChunk): Iterable<number> {
  const fill = (list: number, from: number): Head[] => {
    const chunk = read(list, from, chunkLength);
    return chunk.length === 0 ? [] : [{ list, chunk, at: 0 }];
  };
  const sequenceOf = ({ chunk, at }: Head): number => chunk[at] ?? 0;
  let heads = lists.flatMap((list) => fill(list, before));
  while (heads.length > 0) {
    const newest = heads.reduce((best, head) => (sequenceOf(head) > sequenceOf(best) ? head : best));
    const sequence = sequenceOf(newest);
    yield sequence;
    newest.at += 1;
    if (newest.at < newest.chunk.length) continue;
    heads = [...heads.filter((head) => head !== newest), ...fill(newest.list, sequence)];
  }
}
