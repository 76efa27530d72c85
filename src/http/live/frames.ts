// The bytes of some messages, joined and encoded once for all clients that want to hear of the same.
import type { MessageFor, Subscription } from './messages.ts';

const encoder = new TextEncoder();

export const toFrame = (text: string): Uint8Array => encoder.encode(text);

/** What a client hears of some messages; empty when none is for it. */
export const textFor = (messages: readonly MessageFor[], subscription: Subscription): string =>
  messages.map((message) => message(subscription) ?? '').join('');

/** Gives null to a client that none of the messages is for. */
export const createFrames = (messages: readonly MessageFor[]): ((subscription: Subscription) => Uint8Array | null) => {
  const made = new Map<string, Uint8Array | null>();
  return (subscription) => {
    const key = JSON.stringify(subscription);
    const known = made.get(key);
    if (known !== undefined) return known;
    const text = textFor(messages, subscription);
    const frame = text === '' ? null : toFrame(text);
    made.set(key, frame);
    return frame;
  };
};
