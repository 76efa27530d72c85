// How a function's time grows with its input. Time is this thread's own on a processor, so a busy machine changes little.

const cpuMs = (work: () => unknown): number => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

/** The least of three times, or the first of them that is small enough to settle the question. */
const leastMs = (work: () => unknown, enoughMs: number): number => {
  let least = cpuMs(work);
  for (let again = 0; again < 2 && least > enoughMs; again++) least = Math.min(least, cpuMs(work));
  return least;
};

/** Below this the clock and the garbage collector count more than the work. */
const noiseMs = 20;

/**
 * How many times longer an input of four times the size takes: about 4 where time is linear, about 16 where it is quadratic.
 * @param most with it the growth is compared: what is not above it is measured once, what is above it three times
 * @param work is called with an input of `size` and of a quarter of it
 */
export const growthOf = (size: number, most: number, work: (size: number) => () => unknown): number => {
  const [small, large] = [work(size / 4), work(size)];
  const smallMs = Math.max(leastMs(small, noiseMs), noiseMs);
  return leastMs(large, most * smallMs) / smallMs;
};
