// Schemas for what a vendor may leave out or write oddly: a value that cannot be used counts as missing.
import * as z from 'zod';
import { cutName, cutText, shortId } from '../lib/text.ts';
import { readIso } from '../lib/time.ts';

export const optionalText = z
  .string()
  .min(1)
  .nullish()
  .catch(null)
  .transform((text) => text ?? null);

/** What a person wrote, of any length. */
export const optionalLongText = optionalText.transform((text) => (text === null ? null : cutText(text)));

/** A name or a word. */
export const optionalName = optionalText.transform((text) => (text === null ? null : cutName(text)));

/** A time, as the unified event writes one. */
export const optionalIso = optionalText.transform((text) => (text === null ? null : readIso(text)));

/** When something ended: null while it goes on. One that cannot be read is refused, for it is neither. */
export const optionalEnd = z
  .string()
  .nullish()
  .transform((text, context) => {
    if (text === null || text === undefined || text === '') return null;
    const end = readIso(text);
    if (end === null) context.addIssue('expected a time');
    return end;
  });

const maxUrlChars = 2000;

/** An http or https address that a person may be sent to. */
export const optionalUrl = optionalText.transform((text) => {
  const url = text === null || text.length > maxUrlChars ? null : URL.parse(text);
  return url && /^https?:$/.test(url.protocol) ? url.href : null;
});

/** A list whose items may be odd: those are left out. */
export const lenientList = <T extends z.ZodType>(item: T) =>
  z
    .array(item.nullable().catch(null))
    .nullish()
    .catch(null)
    .transform((items) => (items ?? []).filter((each) => each !== null));

export const requiredId = z.string().min(1).transform(shortId);
/** An id that is a number in some places and a text in others. */
export const idOrNumber = z.union([z.string(), z.number()]).transform(String).pipe(requiredId);
export const requiredName = z.string().min(1).transform(cutName);
