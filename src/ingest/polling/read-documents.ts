// Reads what a status page answered, by the dialects that we know.
import * as z from 'zod';
import { JsonRefused, parseJson } from '../../lib/json.ts';
import { cut } from '../../lib/text.ts';
import type { Place, StatusPageDialect, Summary } from '../status-page.ts';
import { FetchFailed } from './fetch-failed.ts';

/** The summary, or in what the documents are not of this dialect. */
export const readBy = (
  dialect: StatusPageDialect,
  documents: readonly unknown[],
  nowMs: number,
  place?: Place,
): { readonly summary: Summary } | { readonly error: z.ZodError } => {
  try {
    return { summary: dialect.read(documents, nowMs, place) };
  } catch (error) {
    if (error instanceof z.ZodError) return { error };
    throw error;
  }
};

const maxProblemChars = 500;

/** @throws {FetchFailed} `not_this` when they are not of this dialect */
export const readSummary = (
  dialect: StatusPageDialect,
  documents: readonly unknown[],
  nowMs: number,
  place?: Place,
): Summary => {
  const read = readBy(dialect, documents, nowMs, place);
  if ('summary' in read) return read.summary;
  const problems = read.error.issues.map(({ path, message }) =>
    [...(path.length > 0 ? [path.join('.')] : []), message].join(': '),
  );
  const detail = cut(problems.join(', '), maxProblemChars);
  throw new FetchFailed('not_this', `the answer is no ${dialect.name} summary: ${detail}`);
};

/** Reads one document by the first dialect that can. @throws {FetchFailed} of the first dialect, when none can */
export const readByAny = (dialects: readonly StatusPageDialect[], document: unknown, nowMs: number): Summary => {
  let failure: FetchFailed | undefined;
  for (const dialect of dialects) {
    try {
      return readSummary(dialect, [document], nowMs);
    } catch (error) {
      if (!(error instanceof FetchFailed)) throw error;
      failure ??= error;
    }
  }
  throw failure ?? new FetchFailed('not_this', 'no dialect is known');
};

const looksLike = (text: string): string => {
  if (text.trim() === '') return 'it is empty';
  return text.trimStart().startsWith('<') ? 'it looks like HTML' : 'it does not parse';
};

/** @throws {FetchFailed} */
export const parseDocument = (text: string): unknown => {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonRefused) throw new FetchFailed('no_answer', `the answer cannot be read: ${error.message}`);
    throw new FetchFailed('not_this', `the answer is not JSON: ${looksLike(text)}`);
  }
};

/** A document, and the text that it was parsed from. */
export interface Parsed {
  readonly text: string;
  readonly document: unknown;
}

/** Most of the time a status page says what it said before: the same text gives the same object. @throws {FetchFailed} */
export const parseUnlessKnown = (text: string, known: Parsed | undefined): Parsed =>
  known?.text === text ? known : { text, document: parseDocument(text) };
