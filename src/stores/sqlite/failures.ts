// What went wrong with the file, in plain words.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorText, StoreUnavailable, StoreUnusable } from '../../lib/errors.ts';

/** By SQLite's result code; the extended one says more where there is one. */
const reasons: Readonly<Record<number, string>> = {
  5: 'another process uses it',
  8: 'it, or its folder, may not be written to',
  11: 'it is damaged',
  13: 'its disk is full',
  14: 'it cannot be opened: it must be a file, in a folder that may be written to',
  26: 'it is not an SQLite database',
};

const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;

const isClosed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';

/** What went wrong while the store is in use: the disk is full, or cannot be read, or the store was closed. */
export const asUnavailable = (error: unknown): unknown =>
  resultCode(error) !== undefined || isClosed(error)
    ? new StoreUnavailable('store_unavailable', `the store's file cannot be used now: ${errorText(error)}`, {
        cause: error,
      })
    : error;

export const asUnusable = (path: string, error: unknown): StoreUnusable => {
  const code = resultCode(error) ?? 0;
  const said = reasons[code] ?? reasons[code & 0xff] ?? errorText(error);
  const reason = existsSync(dirname(path)) ? said : 'its folder does not exist';
  return new StoreUnusable(`the store ${path} cannot be used: ${reason}`, { cause: error });
};
