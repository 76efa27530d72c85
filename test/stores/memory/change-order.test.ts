import { expect, it } from 'vitest';
import { createChangeOrder } from '../../../src/stores/memory/change-order.ts';

interface Entry {
  readonly name: string;
  readonly kind: string;
  revision: number;
}
const entry = (name: string, kind = 'event'): Entry => ({ name, kind, revision: 0 });
const createOrder = () => createChangeOrder<Entry>(({ kind }) => kind);
const names = (changed: ReturnType<ReturnType<typeof createOrder>['after']>) =>
  changed === 'lost' ? changed : changed.entries.map(({ name }) => name);
const cursorOf = (changed: { readonly cursor: string } | 'lost'): string =>
  changed === 'lost' ? changed : changed.cursor;

it('an entry that was told before it was dropped takes no cursor away', () => {
  const order = createOrder();
  const [a, b] = [entry('a'), entry('b')];
  order.add(a);
  const told = cursorOf(order.after(null, 10));
  order.drop(a, false);
  order.add(b);
  expect(names(order.after(told, 10))).toEqual(['b']);
});

it('an entry that was dropped before it was told loses the cursors of before', () => {
  const order = createOrder();
  const [a, b] = [entry('a'), entry('b')];
  const start = cursorOf(order.after(null, 10));
  order.add(a);
  order.drop(a, false);
  order.add(b);
  expect(order.after(start, 10)).toBe('lost');
  expect(names(order.after(null, 10))).toEqual([]);
});

it('an entry that somebody may still show loses every cursor when it is dropped', () => {
  const order = createOrder();
  const a = entry('a');
  order.add(a);
  const told = cursorOf(order.after(null, 10));
  order.drop(a, true);
  expect(order.after(told, 10)).toBe('lost');
  expect(names(order.after(cursorOf(order.after(null, 10)), 10))).toEqual([]);
});

it('a cursor means nothing to another order, though it has the same numbers', () => {
  const [one, other] = [createOrder(), createOrder()];
  one.add(entry('a'));
  other.add(entry('a'));
  expect(other.after(cursorOf(one.after(null, 10)), 10)).toBe('lost');
});

it('stops before the first of a kind of which there are enough', () => {
  const order = createOrder();
  const start = cursorOf(order.after(null, 10));
  for (const [name, kind] of ['1e', '2a', '3e', '4a', '5a', '6e'].map((name) => [name, name.slice(1)] as const)) {
    order.add(entry(name, kind));
  }
  const first = order.after(start, 2);
  expect(names(first)).toEqual(['1e', '2a', '3e', '4a']);
  expect(names(order.after(cursorOf(first), 2))).toEqual(['5a', '6e']);
});

it('tells the last changes after any number of them', () => {
  const order = createOrder();
  const entries = ['a', 'b', 'c'].map((name) => entry(name));
  const start = cursorOf(order.after(null, 10));
  let middle = start;
  for (let round = 0; round < 5000; round++) {
    for (const each of entries) order.add(each);
    if (round === 2500) middle = cursorOf(order.after(null, 10));
  }
  expect(names(order.after(start, 10))).toEqual(['a', 'b', 'c']);
  expect(names(order.after(middle, 2))).toEqual(['a', 'b']);
});

it('a reader that asks for none stays at its cursor', () => {
  const order = createOrder();
  const start = cursorOf(order.after(null, 10));
  order.add(entry('a'));
  expect(order.after(start, 0)).toEqual({ entries: [], cursor: start });
});
