const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read',
  EFBIG: 'it is too large',
};

/** The code of an error of the file system; `unknown error` where there is none. */
export const fileErrorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';

/** Why a file cannot be read, in words. @param code of the file system's error */
export const whyUnreadable = (code: string): string => reasons[code] ?? code;
