// Group commit: all items that are added while one batch is done are done together in the next.

export interface Group<Item> {
  /** Resolves when the batch that the item was in has been committed; rejects when it, or the item, failed. */
  add(item: Item): Promise<void>;
  /** Resolves when nothing is queued and nothing is being committed. */
  idle(): Promise<void>;
}

interface Queued<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** So many are worth a batch beside one that is still under way; fewer wait for its end, and for more. */
const enough = 16;

/** Told of each commit, whether it went well or not. */
export type OnCommit = (items: number, durationMs: number) => void;

/**
 * @param commit does all items of a batch, and gives those that failed by themselves, with the error of each;
 * rejects when the whole batch failed. It may call `goOn` when the next batch can begin before this one has ended; two
 * are under way at most.
 */
export const createGroup = <Item>(
  commit: (
    items: readonly Item[],
    goOn: () => void,
  ) => Promise<ReadonlyMap<Item, unknown>> | ReadonlyMap<Item, unknown>,
  maxItems: number,
  onCommit: OnCommit = () => undefined,
): Group<Item> => {
  const queue: Queued<Item>[] = [];
  let running: Promise<void> | undefined;
  /** Resolves when the batch after the latest may begin. */
  let latest: PromiseWithResolvers<void> | undefined;
  let isGoingOn = false;

  const goOnIfEnough = (): void => {
    if (isGoingOn && queue.length >= enough) latest?.resolve();
  };

  const runBatch = async (next: PromiseWithResolvers<void>): Promise<void> => {
    const goOn = (): void => {
      // One that is done again says so again, when another is the latest.
      isGoingOn ||= latest === next;
      goOnIfEnough();
    };
    const batch = queue.splice(0, maxItems);
    const startedMs = performance.now();
    try {
      const failed = await commit(
        batch.map(({ item }) => item),
        goOn,
      );
      next.resolve();
      for (const { item, resolve, reject } of batch) {
        if (failed.has(item)) reject(failed.get(item));
        else resolve();
      }
    } catch (error) {
      next.resolve();
      for (const { reject } of batch) reject(error);
    }
    try {
      onCommit(batch.length, performance.now() - startedMs);
    } catch {
      // It only counts: what was committed is committed, and the next batch must not wait for it.
    }
  };

  const run = async (): Promise<void> => {
    // Requests that have arrived already are read in this turn of the event loop, and join the batch.
    await new Promise(setImmediate);
    let before: Promise<void> | undefined;
    while (queue.length > 0) {
      latest = Promise.withResolvers<void>();
      isGoingOn = false;
      const batch = runBatch(latest);
      await latest.promise;
      await before;
      before = batch;
      // What the end of a batch causes, and the requests that came meanwhile, share the next.
      await new Promise(setImmediate);
    }
    // In the step that saw the queue empty: an item added a moment later must start the next run.
    running = undefined;
  };

  return {
    add: (item) =>
      new Promise((resolve, reject) => {
        queue.push({ item, resolve, reject });
        goOnIfEnough();
        running ??= run();
      }),
    async idle() {
      while (running) await running;
    },
  };
};
