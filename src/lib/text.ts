// Cutting and folding of text from outside, which can hold line breaks, half a surrogate pair, a megabyte, or a secret.
import { hash } from 'node:crypto';

/** The text on one line: each run of line breaks becomes one space. */
export const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ');

/** The first `maxChars` UTF-16 units, or one less where they would end in half of a surrogate pair. */
const head = (text: string, maxChars: number): string => {
  const last = text.charCodeAt(maxChars - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff && text.length > maxChars;
  return text.slice(0, isHalf ? maxChars - 1 : maxChars);
};

/** At most `maxChars` UTF-16 units of the text, never ending in half of a surrogate pair; `…` marks a cut. */
export const cut = (text: string, maxChars: number): string =>
  text.length <= maxChars ? text : `${head(text, maxChars - 1)}…`;

/** A vendor's name or status: at most 500 UTF-16 units. */
export const cutName = (text: string): string => cut(text, 500);

const maxTextBytes = 64 * 1024;
const mark = '…';

/** A vendor's text: at most 64 KiB in UTF-8, no character cut in two. */
export const cutText = (text: string): string => {
  // A UTF-16 unit takes three bytes at most, so most texts need not be measured.
  if (text.length * 3 <= maxTextBytes || Buffer.byteLength(text) <= maxTextBytes) return text;
  const room = new Uint8Array(maxTextBytes - Buffer.byteLength(mark));
  const { read } = new TextEncoder().encodeInto(text.slice(0, maxTextBytes), room);
  return text.slice(0, read) + mark;
};

const maxIdChars = 200;
const idHashChars = 32;

/** A vendor's id in at most 200 UTF-16 units: a longer one becomes its beginning and a hash of all of it. */
export const shortId = (id: string): string => {
  if (id.length <= maxIdChars) return id;
  // As UTF-16, for in UTF-8 all halves of surrogate pairs would be the same.
  const hashed = hash('sha256', Buffer.from(id, 'utf16le')).slice(0, idHashChars);
  return `${head(id, maxIdChars - idHashChars - 1)}~${hashed}`;
};

/** A URL without its user name, password and query, which may be secrets; null for what is no URL. */
export const publicUrl = (text: string): string | null => {
  const url = URL.parse(text);
  return url && `${url.origin}${url.pathname}`;
};

/** What JSON leaves as it is, and a terminal or a reader may stumble over: C1 controls, line and direction marks. */
const unsafe = /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
export const escapeUnsafe = (text: string): string =>
  text.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
