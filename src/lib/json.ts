// Parsing of JSON from outside, which may be small as text and huge as a value: what it would become is counted first.

/** JSON that must not be parsed. */
export abstract class JsonRefused extends Error {
  abstract readonly code: 'json_too_deep' | 'json_too_large';
}

/** It is nested deeper than anything we could write back: `JSON.stringify` would overflow the stack. */
export class JsonTooDeep extends JsonRefused {
  override readonly name = 'JsonTooDeep';
  readonly code = 'json_too_deep';
  constructor() {
    super(`it is nested more than ${maxDepth} levels deep`);
  }
}

/** It holds more values than fit into a bounded part of the memory: 16 MB of `[],[],…` would take 857 MB. */
export class JsonTooLarge extends JsonRefused {
  override readonly name = 'JsonTooLarge';
  readonly code = 'json_too_large';
  constructor() {
    super(`it holds more than ${maxValues} values`);
  }
}

/** Far more than any vendor sends, and far less than the few thousand at which the stack ends. */
const maxDepth = 200;

/** The largest status page that we know has about 10,000. */
const maxValues = 500_000;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** The index of the quote that ends a string, or of the text's end. */
const endOfString = (text: string, start: number): number => {
  let at = start;
  for (let code = text.charCodeAt(at); code !== quote && at < text.length; code = text.charCodeAt(at)) {
    at += code === backslash ? 2 : 1;
  }
  return at;
};

/** Whether the text has at most `most` of a character; finding them natively costs far less than a walk. */
const hasAtMost = (text: string, character: string, most: number): boolean => {
  let at = -1;
  for (let found = 0; found <= most; found++) {
    at = text.indexOf(character, at + 1);
    if (at < 0) return true;
  }
  return false;
};

/** Most texts are short, and open few lists and objects: they can be neither too large nor too deep. */
const isSmall = (text: string): boolean =>
  text.length < maxValues && hasAtMost(text, '{', maxDepth / 2) && hasAtMost(text, '[', maxDepth / 2);

/** Throws before anything is parsed. Of a text that is no JSON it may find nothing, or refuse what would not parse. */
const checkSize = (text: string): void => {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === quote) at = endOfString(text, at + 1);
    else if (code === comma) values += 1;
    else if (code === openBracket || code === openBrace) {
      depth += 1;
      values += 1;
    } else if (code === closeBracket || code === closeBrace) depth -= 1;
    if (depth > maxDepth) throw new JsonTooDeep();
    if (values > maxValues) throw new JsonTooLarge();
  }
};

/**
 * Parses JSON that came from outside.
 * @throws {SyntaxError} when it is no JSON
 * @throws {JsonRefused} when it is too deep or holds too much
 */
export const parseJson = (text: string): unknown => {
  if (!isSmall(text)) checkSize(text);
  return JSON.parse(text);
};
