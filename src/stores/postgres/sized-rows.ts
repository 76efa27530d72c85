// The rows of a listing, known by their size before they are read.
import * as z from 'zod';

export const sizedRow = z.object({
  sequence: z.coerce.number(),
  /** About how many bytes it takes in the answer. */
  size: z.coerce.number(),
});
export type SizedRow = z.infer<typeof sizedRow>;

/** The sequences of as many as fit, but of one at least. */
export const fitting = (
  found: readonly SizedRow[],
  limit: number,
  maxBytes = Number.POSITIVE_INFINITY,
): readonly number[] => {
  let bytes = 0;
  const end = found.slice(0, limit).findIndex(({ size }, at) => {
    bytes += size;
    return bytes > maxBytes && at > 0;
  });
  return found.slice(0, end === -1 ? limit : end).map(({ sequence }) => sequence);
};
