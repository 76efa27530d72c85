import { expect, it } from 'vitest';
import { readMaxOpenFiles } from '../../src/lib/open-files.ts';

it.each([
  [{ userLimits: { open_files: { soft: 1024, hard: 4096 } } }, 1024],
  [{ userLimits: { open_files: { soft: 'unlimited', hard: 'unlimited' } } }, Number.MAX_SAFE_INTEGER],
  [{}, Number.MAX_SAFE_INTEGER],
])('of %j as many files may be open as %i', (report, files) => {
  expect(readMaxOpenFiles({ getReport: () => report })).toBe(files);
});

it('this machine says how many', () => {
  expect(readMaxOpenFiles(process.report)).toBeGreaterThan(0);
});
