// Whether the store takes writes, told by a small one: a disk may be full, or a database be set to read only, though
// everything can still be read.

/** A write that went well tells so for as long. */
const believedMs = 3000;
/** After a write that failed: what is tried has about the size of an event with its pages, not of a free remainder. */
const probeLength = 64 * 1024;

export interface WriteHealth {
  /** To be told of commits that wrote something. */
  committed(): void;
  failed(): void;
  ping(): Promise<void>;
}

/**
 * @param check rejects, or throws, when the store cannot be used at all; it is asked each time
 * @param write writes so many characters, and rejects when they cannot be kept
 */
export const createWriteHealth = (
  check: () => Promise<void> | void,
  write: (length: number) => Promise<void>,
  now: () => number = () => performance.now(),
): WriteHealth => {
  let lastGoodMs = Number.NEGATIVE_INFINITY;
  let hasFailed = false;
  let failures = 0;
  let probing: Promise<void> | undefined;

  const noteFailed = (): void => {
    lastGoodMs = Number.NEGATIVE_INFINITY;
    hasFailed = true;
    failures += 1;
  };

  const probe = async (): Promise<void> => {
    const failuresBefore = failures;
    try {
      await write(hasFailed ? probeLength : 1);
    } finally {
      probing = undefined;
      // A small write may have gone well beside a large one that did not.
      if (failures !== failuresBefore) noteFailed();
    }
  };

  return {
    committed() {
      lastGoodMs = now();
      hasFailed = false;
    },
    failed: noteFailed,
    async ping() {
      await check();
      if (now() - lastGoodMs < believedMs) return;
      probing ??= probe();
      await probing;
    },
  };
};
