// Something that is read as a whole and then follows what changes. What changes while it is being read is not lost: it
// is applied again to what was read.

/** @import { EventView } from './types.ts' */

/**
 * @template Data
 * @param {Data} empty
 * @param {(data: Data, event: EventView) => Data} merge
 */
export const createFollowed = (empty, merge) => {
  let data = empty;
  let readings = 0;
  /** @type {EventView[] | null} what changed since the reading began that is under way */
  let meanwhile = null;

  return {
    get: () => data,
    /** @param {EventView} event */
    apply(event) {
      data = merge(data, event);
      meanwhile?.push(event);
    },
    /**
     * Of two readings at once, only the later counts.
     * @param {() => Promise<(before: Data) => Data>} read
     */
    async read(read) {
      readings += 1;
      const reading = readings;
      meanwhile = [];
      try {
        const update = await read();
        if (reading === readings) data = (meanwhile ?? []).reduce(merge, update(data));
      } finally {
        if (reading === readings) meanwhile = null;
      }
    },
  };
};
