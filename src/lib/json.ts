/** JSON from outside that is nested deeper than anything we could write back: `JSON.stringify` would overflow the stack. */
export class JsonTooDeep extends Error {
  constructor() {
    super(`it is nested more than ${maxDepth} levels deep`);
    this.name = 'JsonTooDeep';
  }
}

/** Far more than any vendor sends, and far less than the few thousand at which the stack ends. */
const maxDepth = 200;

const isWithin = (value: unknown, levels: number): boolean => {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (!isWithin(child, levels - 1)) return false;
  }
  return true;
};

/**
 * Parses JSON that came from outside.
 * @throws {SyntaxError} when it is no JSON
 * @throws {JsonTooDeep}
 */
export const parseJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  if (!isWithin(value, maxDepth)) throw new JsonTooDeep();
  return value;
};
