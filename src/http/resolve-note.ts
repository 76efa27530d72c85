import type { Context } from 'hono';
import * as z from 'zod';
import { readOptionalJson } from './read.ts';

export const maxNoteChars = 1000;

/** The body of a request that resolves an alert or an event manually. */
export const resolveRequestSchema = z.strictObject({ note: z.string().max(maxNoteChars).optional() });

export const resolveExample = { note: 'The bank has it.' };

/** The note of the request; null when there is none. @throws {Problem} 400 */
export const readNote = async (c: Context): Promise<string | null> => {
  const { note = '' } = await readOptionalJson(c, resolveRequestSchema, '{"note": "…"}');
  return note.trim() || null;
};
