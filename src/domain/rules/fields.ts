// Small schemas that several parts of the file share.
import * as z from 'zod';
import { httpUrlProblem, parseHttpUrl } from '../../lib/http-url.ts';
import { lengthPattern, parseLength } from './lengths.ts';
import { parsed, unreadable } from './parsed.ts';
import { readable } from './strict.ts';
import { parseMoment } from './windows.ts';

/** The name by which decisions tell a rule. */
export const named = (what: string) =>
  z
    .string({
      error: ({ code, input }) =>
        code === 'invalid_type' && input === undefined ? `every ${what} needs a name` : undefined,
    })
    .min(1, 'the name is empty')
    .max(200);

export const destinationList = z.array(z.string());

/** Which zone a time without an offset is in does not change whether it can be read. */
export const moment = () => readable((text) => parseMoment(text, 'UTC'));

/** An editor lets a variable stand in the place of a length. */
const editorPattern = String.raw`${lengthPattern.source}|\$\{`;
export const length = () => readable(parseLength).meta({ pattern: editorPattern });

export const httpUrl = (text: string) => {
  const url = parseHttpUrl(text);
  return url ? parsed(url) : unreadable(httpUrlProblem);
};

/** What can be written as `{ file: PATH }`, which stands for the file's content. */
export const fromFile = z.registry<{ readonly file: true }>();

export const fileable = <S extends z.ZodType>(schema: S): S => {
  fromFile.add(schema, { file: true });
  return schema;
};

export const fileableUrl = () => fileable(readable(httpUrl));
