// Reading a rules file from the disk.
import { readFile, stat } from 'node:fs/promises';
import { maxRulesBytes } from './rules-file.ts';

const timeoutMs = 5000;

/**
 * The file's text. What is larger than any rules file is not read.
 * @throws an error with a `code` of the file system
 */
export const readRulesText = async (path: string): Promise<string> => {
  const { size } = await stat(path);
  if (size > maxRulesBytes) throw Object.assign(new Error('the file is too large'), { code: 'EFBIG' });
  return readFile(path, { encoding: 'utf8', signal: AbortSignal.timeout(timeoutMs) });
};
