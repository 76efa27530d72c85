import { expect, it } from 'vitest';
import type { Path } from '../../../src/domain/rules/problem.ts';
import { readYaml } from '../../../src/domain/rules/yaml.ts';

const text = `version: 1
rules: &rules
  - name: first
    is: info
others: *rules
nothing:
`;

const placeOf = (path: Path, part?: 'value' | 'key', file = text): string => {
  const reading = readYaml(file);
  if ('problems' in reading) throw new Error(JSON.stringify(reading.problems));
  const { line, column } = reading.file.locate(path, part);
  return `${line}:${column}`;
};

it.each<[string, Path, string]>([
  ['the file itself', [], '1:1'],
  ['a value', ['version'], '1:10'],
  ['a value of an item', ['rules', 0, 'is'], '4:9'],
  ['a value behind an alias, where it was written', ['others', 0, 'is'], '4:9'],
  ['nothing, at its key', ['nothing'], '6:9'],
  ['an item that is not there, at its list', ['rules', 7], '3:3'],
  ['a key that is not there, at its map', ['rules', 0, 'when'], '3:5'],
  ['what would stand in a text, at the text', ['version', 'major'], '1:10'],
])('the place is told of %s', (_what, path, place) => {
  expect(placeOf(path)).toBe(place);
});

it('the place of a key is told apart from that of its value', () => {
  expect(placeOf(['rules', 0, 'is'], 'key')).toBe('4:5');
});

it('in an empty file everything is at its beginning', () => {
  expect(placeOf(['version'], 'value', '')).toBe('1:1');
});

it('an alias of what is not there is told at its place', () => {
  expect(readYaml('version: 1\nfold: *API')).toEqual({
    problems: [{ line: 2, column: 7, message: 'text that begins with * must be in quotes' }],
  });
});

it('what refers to its own parts too often is refused', () => {
  const row = (at: number) => `r${at}: &r${at} [${Array.from({ length: 10 }, () => `*r${at - 1}`).join(', ')}]`;
  const text = ['r0: &r0 [x]', ...[1, 2, 3, 4].map(row)].join('\n');
  expect(readYaml(text)).toMatchObject({
    problems: [{ message: 'the file refers to its own parts more than 100 times' }],
  });
});
