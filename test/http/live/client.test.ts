import { expect, it, vi } from 'vitest';
import { createLiveClient } from '../../../src/http/live/client.ts';
import { toFrame } from '../../../src/http/live/frames.ts';

const aConnection = (writableNeedDrain = false) => ({ writableNeedDrain, destroy: vi.fn() });
const open = (connection?: ReturnType<typeof aConnection>) => {
  const onEnd = vi.fn();
  const client = createLiveClient({ filters: {}, events: 'whole' }, 10, connection, onEnd);
  const reader = client.body.getReader();
  const read = async () => {
    const { value, done } = await reader.read();
    return done ? 'the end' : new TextDecoder().decode(value);
  };
  return { client, onEnd, read, reader };
};

it('gives what was sent, in order, whether somebody waits for it or comes later', async () => {
  const { client, read } = open();
  const first = read();
  expect(client.send(toFrame('one'))).toBe(true);
  expect(await first).toBe('one');
  client.send(toFrame('two'));
  client.send(toFrame('three'));
  expect([await read(), await read()]).toEqual(['two', 'three']);
});

it('a client that does not read is cut off when its queue is full, and holds nothing any more', async () => {
  const connection = aConnection();
  const { client, onEnd, read } = open(connection);
  expect(client.send(toFrame('12345678'))).toBe(true);
  expect(client.send(toFrame('123'))).toBe(false);
  expect(connection.destroy).toHaveBeenCalledOnce();
  expect(onEnd).toHaveBeenCalledOnce();
  expect(client.send(toFrame('4'))).toBe(false);
  expect(await read()).toBe('the end');
});

it('a single frame is let through, however long', async () => {
  const { client, read } = open();
  expect(client.send(toFrame('longer than ten'))).toBe(true);
  expect(await read()).toBe('longer than ten');
});

it('ends after what was sent was read', async () => {
  const connection = aConnection();
  const { client, onEnd, read } = open(connection);
  client.send(toFrame('last'));
  client.end();
  client.end();
  expect(onEnd).toHaveBeenCalledOnce();
  expect(connection.destroy).not.toHaveBeenCalled();
  expect([await read(), await read()]).toEqual(['last', 'the end']);
});

it('ends at once when the other side does not read', () => {
  const connection = aConnection(true);
  open(connection).client.end();
  expect(connection.destroy).toHaveBeenCalledOnce();
});

it.each([
  ['while it waits', true],
  ['while it does not', false],
])('ends when the reader goes away %s', async (_when, isWaiting) => {
  const { client, onEnd, reader, read } = open();
  const waiting = isWaiting ? read() : undefined;
  await reader.cancel();
  expect(await waiting).toBe(isWaiting ? 'the end' : undefined);
  expect(onEnd).toHaveBeenCalledOnce();
  expect(client.send(toFrame('too late'))).toBe(false);
});

it('what was read makes room', async () => {
  const { client, read } = open();
  for (let count = 0; count < 5; count++) {
    expect(client.send(toFrame('12345678'))).toBe(true);
    expect(await read()).toBe('12345678');
  }
});
