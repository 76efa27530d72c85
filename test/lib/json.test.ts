import { expect, it } from 'vitest';
import { JsonTooDeep, parseJson } from '../../src/lib/json.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

it.each(['null', '1', '"text"', '{}', '{"a":[{"b":null}]}', nested(200), objects(200)])('%.30s is read', (text) => {
  expect(JSON.stringify(parseJson(text))).toBe(text);
});

it.each([nested(201), objects(201), `{"a":1,"b":${nested(200)}}`, nested(400_000)])(
  '%.30s is nested too deep',
  (text) => {
    expect(() => parseJson(text)).toThrow(JsonTooDeep);
  },
);

it.each(['', '{', 'hello', '{"a":}'])('%j is no JSON', (text) => {
  expect(() => parseJson(text)).toThrow(SyntaxError);
});

it('a key that JavaScript would treat as a prototype stays a key', () => {
  expect(Object.hasOwn(Object(parseJson('{"__proto__":1}')), '__proto__')).toBe(true);
});
