import { expect, it } from 'vitest';
import { arrayParameter, type ElementType } from '../../../src/stores/postgres/array-parameter.ts';
import { uuidOf } from '../../../src/stores/postgres/keys.ts';
import { useServer } from './setup.ts';

const { newUrl, openClient } = useServer();

it.each<[ElementType, readonly unknown[]]>([
  ['text', ['', 'a "quoted" \\ {word}, NULL', 'ä€😀', null, 'x'.repeat(100_000)]],
  ['text', ['only one']],
  ['text', []],
  ['uuid', [uuidOf('a'), null, uuidOf('b')]],
  ['boolean', [true, false, null]],
  ['integer', [0, -1, 2_147_483_647, -2_147_483_648, null]],
  ['bigint', ['9223372036854775807', '-9223372036854775808', 7, null]],
])('the server reads a list of %s as it is: %j', async (type, values) => {
  await newUrl();
  const client = await openClient();
  const { rows } = await client.query(`SELECT element::text FROM unnest($1::${type}[]) AS element`, [
    arrayParameter(type, values),
  ]);
  const read = rows.map(({ element }) => (type === 'uuid' ? (element?.replaceAll('-', '') ?? null) : element));
  expect(read).toEqual(values.map((value) => (value === null ? null : String(value))));
});

it('a value that is missing is null', () => {
  expect(arrayParameter('uuid', [undefined])).toEqual(arrayParameter('uuid', [null]));
});
