// How much memory a piece of code takes at most, in a process of its own.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface Measured {
  readonly value: unknown;
  readonly peakBytes: number;
}

/** @param code an ES module that calls `report(value)` when it is done */
export const measureMemory = async (code: string): Promise<Measured> => {
  const whole = `
    const { readFileSync } = await import('node:fs');
    // On Linux \`maxRSS\` begins with what the process had that started this one, which may be more than is measured here.
    const peakKib = () => {
      try {
        return Number(/VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
      } catch {
        return process.resourceUsage().maxRSS;
      }
    };
    const report = (value) => console.log(JSON.stringify({ value, peakBytes: peakKib() * 1024 }));
    ${code}`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', whole]);
  return JSON.parse(stdout);
};
