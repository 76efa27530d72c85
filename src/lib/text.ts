// Cutting and folding of text from outside, which can hold line breaks, half a surrogate pair, a megabyte, or a secret.

/** The text on one line: each run of line breaks becomes one space. */
export const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, ' ');

/** At most `maxChars` UTF-16 units of the text, never ending in half of a surrogate pair; `…` marks a cut. */
export const cut = (text: string, maxChars: number): string => {
  if (text.length <= maxChars) return text;
  const head = text.slice(0, maxChars - 1);
  const last = head.charCodeAt(head.length - 1);
  return `${last >= 0xd800 && last <= 0xdbff ? head.slice(0, -1) : head}…`;
};

/** A URL without its user name, password and query, which may be secrets; null for what is no URL. */
export const publicUrl = (text: string): string | null => {
  const url = URL.parse(text);
  return url && `${url.origin}${url.pathname}`;
};
