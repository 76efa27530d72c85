import { expect, it, vi } from 'vitest';
import { createLiveClient } from '../../../src/http/live/client.ts';

const aConnection = (writableNeedDrain = false) => ({ writableNeedDrain, destroy: vi.fn() });
const open = (connection?: ReturnType<typeof aConnection>) => {
  const onEnd = vi.fn();
  const client = createLiveClient({}, 10, connection, onEnd);
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
  expect(client.send('one')).toBe(true);
  expect(await first).toBe('one');
  client.send('two');
  client.send('three');
  expect(await read()).toBe('twothree');
});

it('a client that does not read is cut off when its queue is full, and holds nothing any more', async () => {
  const connection = aConnection();
  const { client, onEnd, read } = open(connection);
  expect(client.send('12345678')).toBe(true);
  expect(client.send('123')).toBe(false);
  expect(connection.destroy).toHaveBeenCalledOnce();
  expect(onEnd).toHaveBeenCalledOnce();
  expect(client.send('4')).toBe(false);
  expect(await read()).toBe('the end');
});

it('a single message is let through, however long', async () => {
  const { client, read } = open();
  expect(client.send('longer than ten')).toBe(true);
  expect(await read()).toBe('longer than ten');
});

it('ends after what was sent was read', async () => {
  const connection = aConnection();
  const { client, onEnd, read } = open(connection);
  client.send('last');
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
  expect(client.send('too late')).toBe(false);
});
