import { expect, it } from 'vitest';
import { BodyTooLarge, readText } from '../../src/lib/body.ts';

const encoder = new TextEncoder();

/** A response whose body comes in these chunks, and what became of its stream. */
const inChunks = (...chunks: readonly Uint8Array<ArrayBuffer>[]) => {
  const stream = { cancelled: false, pulled: 0 };
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull(controller) {
        const chunk = chunks[stream.pulled];
        stream.pulled += 1;
        if (chunk) controller.enqueue(chunk);
        else controller.close();
      },
      cancel() {
        stream.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { response: new Response(body), stream };
};

it('reads a body of exactly the size allowed', async () => {
  expect(await readText(new Response('12345'), 5)).toBe('12345');
});

it('reads no body and an empty body as the empty text', async () => {
  expect(await readText(new Response(null, { status: 204 }), 5)).toBe('');
  expect(await readText(new Response(''), 5)).toBe('');
});

it('a character that is split between two chunks stays whole', async () => {
  const bytes = encoder.encode('a€b');
  const { response } = inChunks(bytes.slice(0, 2), bytes.slice(2));
  expect(await readText(response, 100)).toBe('a€b');
});

it('counts bytes, not characters', async () => {
  await expect(readText(new Response('€€'), 5)).rejects.toBeInstanceOf(BodyTooLarge);
  expect(await readText(new Response('€€'), 6)).toBe('€€');
});

it('stops at the first byte too many and closes the stream', async () => {
  const { response, stream } = inChunks(encoder.encode('abc'), encoder.encode('def'), encoder.encode('never read'));
  await expect(readText(response, 5)).rejects.toThrow('the body is larger than 5 bytes');
  expect(stream).toEqual({ cancelled: true, pulled: 2 });
});

it('a body that breaks off in the middle rejects with what broke it', async () => {
  const broken = new Error('the connection was reset');
  const body = new ReadableStream({ pull: (controller) => controller.error(broken) });
  await expect(readText(new Response(body), 5)).rejects.toBe(broken);
});
