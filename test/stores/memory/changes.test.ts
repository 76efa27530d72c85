import { expect, it } from 'vitest';
import { createChangeOrder } from '../../../src/stores/memory/changes.ts';

const entry = (name: string) => ({ name, revision: 0 });
const names = (changed: ReturnType<ReturnType<typeof createChangeOrder<ReturnType<typeof entry>>>['after']>) =>
  changed === 'lost' ? changed : changed.entries.map(({ name }) => name);
const cursorOf = (changed: { readonly cursor: string } | 'lost'): string =>
  changed === 'lost' ? changed : changed.cursor;

it('an entry that was told before it was dropped takes no cursor away', () => {
  const order = createChangeOrder<ReturnType<typeof entry>>();
  const [a, b] = [entry('a'), entry('b')];
  order.add(a);
  const told = cursorOf(order.after(null, 10));
  order.drop(a, false);
  order.add(b);
  expect(names(order.after(told, 10))).toEqual(['b']);
});

it('an entry that was dropped before it was told loses the cursors of before', () => {
  const order = createChangeOrder<ReturnType<typeof entry>>();
  const [a, b] = [entry('a'), entry('b')];
  const start = cursorOf(order.after(null, 10));
  order.add(a);
  order.drop(a, false);
  order.add(b);
  expect(order.after(start, 10)).toBe('lost');
  expect(names(order.after(null, 10))).toEqual([]);
});

it('an entry that somebody may still show loses every cursor when it is dropped', () => {
  const order = createChangeOrder<ReturnType<typeof entry>>();
  const a = entry('a');
  order.add(a);
  const told = cursorOf(order.after(null, 10));
  order.drop(a, true);
  expect(order.after(told, 10)).toBe('lost');
  expect(names(order.after(cursorOf(order.after(null, 10)), 10))).toEqual([]);
});

it('a cursor means nothing to another order, though it has the same numbers', () => {
  const [one, other] = [createChangeOrder(), createChangeOrder()];
  one.add(entry('a'));
  other.add(entry('a'));
  expect(other.after(cursorOf(one.after(null, 10)), 10)).toBe('lost');
});

it('tells the last changes after any number of them', () => {
  const order = createChangeOrder<ReturnType<typeof entry>>();
  const entries = ['a', 'b', 'c'].map(entry);
  const start = cursorOf(order.after(null, 10));
  let middle = start;
  for (let round = 0; round < 5000; round++) {
    for (const each of entries) order.add(each);
    if (round === 2500) middle = cursorOf(order.after(null, 10));
  }
  expect(names(order.after(start, 10))).toEqual(['a', 'b', 'c']);
  expect(names(order.after(middle, 2))).toEqual(['a', 'b']);
});
