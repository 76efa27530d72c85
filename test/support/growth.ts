// How a function's time grows with its input. Time is this thread's own on a processor, so a busy machine changes little.

const cpuMs = (work: () => unknown): number => {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
};

const leastMs = (work: () => unknown): number => Math.min(cpuMs(work), cpuMs(work), cpuMs(work));

/** Below this the clock and the garbage collector count more than the work. */
const noiseMs = 20;

/**
 * How many times longer an input of four times the size takes: about 4 where time is linear, about 16 where it is quadratic.
 * @param work is called with an input of `size` and of a quarter of it
 */
export const growthOf = (size: number, work: (size: number) => () => unknown): number => {
  const [small, large] = [work(size / 4), work(size)];
  return leastMs(large) / Math.max(leastMs(small), noiseMs);
};
