import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BodyTooLarge, readBytes } from '../../src/lib/body.ts';
import { measureMemory } from '../support/memory.ts';

const encoder = new TextEncoder();

const readText = async ({ body }: Response, maxBytes: number): Promise<string> => {
  if (!body) throw new Error('there is no body');
  return new TextDecoder().decode(await readBytes(body, maxBytes));
};

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

it('reads an empty body', async () => {
  expect(await readText(new Response(''), 5)).toBe('');
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

it('reads a body that is larger than the first piece of memory, in chunks of any size', async () => {
  const text = 'abcdefg'.repeat(100_000);
  const bytes = encoder.encode(text);
  const chunks = [bytes.slice(0, 1), bytes.slice(1, 300_000), bytes.slice(300_000, 300_001), bytes.slice(300_001)];
  expect(await readText(inChunks(...chunks).response, bytes.length)).toBe(text);
});

it('a body that comes byte by byte takes no more memory than its bytes', async () => {
  const module = fileURLToPath(new URL('../../src/lib/body.ts', import.meta.url));
  const { value, peakBytes } = await measureMemory(`
    const { readBytes } = await import(${JSON.stringify(module)});
    const bytes = 1_500_000;
    let sent = 0;
    const pull = (controller) => (sent++ < bytes ? controller.enqueue(new Uint8Array([97])) : controller.close());
    const body = await readBytes(new ReadableStream({ pull }, { highWaterMark: 0 }), bytes);
    report(body.length);
  `);
  expect(value).toBe(1_500_000);
  expect(peakBytes).toBeLessThan(250 * 1024 * 1024);
});
