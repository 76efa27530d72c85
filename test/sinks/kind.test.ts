import { expect, it } from 'vitest';
import { lengthMs } from '../../src/sinks/kind.ts';

it('a length is milliseconds, and one that nobody has checked is refused with what is wrong with it', () => {
  expect(lengthMs('5m')).toBe(300_000);
  expect(() => lengthMs('soon')).toThrow('the length "soon" was not checked: ');
});
