import { readFile, stat } from 'node:fs/promises';
import { decodeText } from '../lib/decode-text.ts';
import { fileErrorCode, whyUnreadable } from '../lib/file-problem.ts';
import { CommandFailed } from './failures.ts';

const maxBytes = 64 * 1024 * 1024;

/** Why a file cannot be read, in words. */
export const fileProblem = (file: string, error: unknown): CommandFailed =>
  new CommandFailed(`${file} cannot be read: ${whyUnreadable(fileErrorCode(error))}`, { cause: error });

/** The text of a file that somebody names. @throws {CommandFailed} */
export const readText = async (file: string): Promise<string> => {
  try {
    if ((await stat(file)).size > maxBytes) throw new CommandFailed(`${file} is larger than ${maxBytes} bytes`);
    return decodeText(await readFile(file));
  } catch (error) {
    throw error instanceof CommandFailed ? error : fileProblem(file, error);
  }
};
