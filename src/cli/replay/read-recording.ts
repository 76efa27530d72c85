// A recording, in any of the forms that it may have: JSON lines of polls, whole or as changes, and of Stripe's events; or a
// vendor's incidents.json.
import { readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { errorText } from '../../lib/errors.ts';
import { isSaneMs } from '../../lib/time.ts';
import { CommandFailed } from '../failures.ts';
import { fileProblem } from '../read-text.ts';
import { createDeltaReader, deltaLineSchema } from './delta.ts';
import { incidentsFileSchema, pollsOfIncidents } from './incidents-file.ts';
import type { Poll, Recorded, Recording } from './recording.ts';

const maxBytes = 1024 ** 3;
const lineEnd = 10;

const pollLineSchema = z.object({
  captured_at: z.iso.datetime({ offset: true, error: 'captured_at is not a time' }),
  body: z.unknown(),
});

/** Stripe's event as its API lists it; a webhook has the same form. */
const eventLineSchema = z.looseObject({ object: z.literal('event'), created: z.int().nonnegative() });

const unpack = (bytes: Buffer): Buffer => {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isGzip ? gunzipSync(bytes, { maxOutputLength: maxBytes }) : bytes;
};

const load = async (file: string): Promise<Buffer> => {
  try {
    if ((await stat(file)).size > maxBytes) throw new CommandFailed(`${file} is larger than ${maxBytes} bytes`);
    return unpack(await readFile(file));
  } catch (error) {
    throw error instanceof CommandFailed ? error : fileProblem(file, error);
  }
};

/** The lines that are not empty, by number. One at a time, for all of them as text may be longer than a text can be. */
function* linesOf(bytes: Buffer): Generator<readonly [line: string, number: number]> {
  let number = 0;
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(lineEnd, at);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.toString('utf8', at, end);
    number += 1;
    at = end + 1;
    if (line.trim() !== '') yield [line, number];
  }
}

const countLines = (bytes: Buffer): number => {
  let count = 0;
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) count += 1;
  return Math.max(1, count);
};

const parsed = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> => {
  const { data, error } = schema.safeParse(value);
  if (error) throw new Error(error.issues[0]?.message);
  return data;
};

const createLineReader = () => {
  const readDelta = createDeltaReader();
  return (line: string): Recorded => {
    const value: unknown = JSON.parse(line);
    const has = (key: string): boolean => typeof value === 'object' && value !== null && key in value;
    if (has('t')) return readDelta(parsed(deltaLineSchema, value));
    if (has('object')) {
      const event = parsed(eventLineSchema, value);
      return { atMs: event.created * 1000, event };
    }
    const { captured_at: at, body } = parsed(pollLineSchema, value);
    return { atMs: Date.parse(at), body };
  };
};

function* readLines(file: string, bytes: Buffer): Generator<Recorded> {
  const read = createLineReader();
  for (const [line, number] of linesOf(bytes)) {
    try {
      const recorded = read(line);
      if (!isSaneMs(recorded.atMs)) throw new Error('its time is not between 1970 and 9999');
      yield recorded;
    } catch (error) {
      throw new CommandFailed(
        `line ${number} of ${file} is neither {"captured_at": "…", "body": …} nor an event of Stripe: ${errorText(error)}`,
        { cause: error },
      );
    }
  }
}

const readIncidents = (bytes: Buffer): readonly Poll[] | null => {
  // A larger file is no vendor's answer.
  if (bytes.length > maxBytes / 8) return null;
  try {
    const { data } = incidentsFileSchema.safeParse(JSON.parse(bytes.toString('utf8')));
    return data ? pollsOfIncidents(data) : null;
  } catch {
    return null;
  }
};

/** @throws {CommandFailed} when the file cannot be read, and later at a line that is neither a poll nor an event */
export const readRecording = async (file: string): Promise<Recording> => {
  const bytes = await load(file);
  const incidents = readIncidents(bytes);
  if (incidents) return { count: incidents.length, recorded: incidents };
  return { count: countLines(bytes), recorded: readLines(file, bytes) };
};
