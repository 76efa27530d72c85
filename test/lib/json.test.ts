import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { JsonRefused, JsonTooDeep, JsonTooLarge, parseJson } from '../../src/lib/json.ts';
import { measureMemory } from '../support/memory.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
const list = (item: string, times: number) => `[${Array(times).fill(item).join(',')}]`;

it.each(['null', '1', '"text"', '{}', '{"a":[{"b":null}]}', nested(200), objects(200), '["[[[","{\\"{","\\\\",",,,"]'])(
  '%.30s is read',
  (text) => {
    expect(JSON.stringify(parseJson(text))).toBe(text);
  },
);

it.each([nested(201), objects(201), `{"a":1,"b":${nested(200)}}`, nested(400_000)])(
  '%.30s is nested too deep',
  (text) => {
    expect(() => parseJson(text)).toThrow(JsonTooDeep);
  },
);

it('what stands side by side is not deep', () => {
  expect(parseJson(list(nested(150), 3))).toHaveLength(3);
});

it.each([
  ['numbers', list('1', 500_001)],
  ['empty lists', list('[]', 250_001)],
  ['empty objects', list('{}', 250_001)],
  ['members of one object', `{${Array.from({ length: 500_001 }, (_, at) => `"${at}":1`).join(',')}}`],
])('more than half a million %s are too many', (_, text) => {
  expect(() => parseJson(text)).toThrow(JsonTooLarge);
  expect(() => parseJson(text)).toThrow('it holds more than 500000 values');
});

it.each([
  ['values that are just few enough', list('1', 499_998)],
  ['a long text full of brackets and commas', JSON.stringify([`${'[,{'.repeat(300_000)}"\\`])],
])('%s are read', (_, text) => {
  expect(JSON.stringify(parseJson(text))).toBe(text);
});

it('both refusals are of one class, with a code each', () => {
  const refusal = (text: string) => {
    try {
      return parseJson(text);
    } catch (error) {
      return error instanceof JsonRefused ? [error.name, error.code] : error;
    }
  };
  expect(refusal(nested(201))).toEqual(['JsonTooDeep', 'json_too_deep']);
  expect(refusal(list('1', 500_001))).toEqual(['JsonTooLarge', 'json_too_large']);
});

it.each(['', '{', 'hello', '{"a":}', '"', '"\\', '"\\"'])('%j is no JSON', (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
});

it('any value that JSON can hold is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const text = JSON.stringify(value);
      expect(parseJson(text)).toEqual(JSON.parse(text));
    }),
  );
});

it('a key that JavaScript would treat as a prototype stays a key', () => {
  expect(Object.hasOwn(Object(parseJson('{"__proto__":1}')), '__proto__')).toBe(true);
});

it('16 MB of empty lists cost no more memory than the text itself', async () => {
  const module = fileURLToPath(new URL('../../src/lib/json.ts', import.meta.url));
  const { value, peakBytes } = await measureMemory(`
    const { parseJson } = await import(${JSON.stringify(module)});
    const text = '[' + '[],'.repeat(16 * 1024 * 1024 / 3) + '[]]';
    let value = 'read';
    try { parseJson(text); } catch (error) { value = error.code; }
    report(value);
  `);
  expect(value).toBe('json_too_large');
  // A Node with nothing to do takes about 50 MB, and the value would take 857 MB.
  expect(peakBytes).toBeLessThan(300 * 1024 * 1024);
});
