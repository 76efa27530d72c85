import { expect, it } from 'vitest';
import { joinParts } from '../../src/dashboard/more.js';

const idOf = ({ id }: { readonly id: string }) => id;

it('an item that moved from a further part into the first is listed once, as it was read last', () => {
  const first = [
    { id: 'a', state: 'new' },
    { id: 'b', state: 'new' },
  ];
  const further = [
    { id: 'b', state: 'old' },
    { id: 'c', state: 'old' },
  ];
  expect(joinParts(first, further, idOf)).toEqual([...first, { id: 'c', state: 'old' }]);
});
