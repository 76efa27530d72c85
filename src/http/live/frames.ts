// The bytes of some messages, joined and encoded once for all clients that want to hear of the same.
import type { MessageFor, Wish } from './messages.ts';

const encoder = new TextEncoder();

export const toFrame = (text: string): Uint8Array => encoder.encode(text);

/** Gives null to a client that none of the messages is for. */
export const createFrames = (messages: readonly MessageFor[]): ((wish: Wish) => Uint8Array | null) => {
  const made = new Map<string, Uint8Array | null>();
  return (wish) => {
    const key = JSON.stringify(wish);
    const known = made.get(key);
    if (known !== undefined) return known;
    const text = messages.map((message) => message(wish) ?? '').join('');
    const frame = text === '' ? null : toFrame(text);
    made.set(key, frame);
    return frame;
  };
};
