// The thread that lists: the entry of a worker, which answers each message on the port that came with it.
import { type MessagePort, parentPort } from 'node:worker_threads';
import { connectAgain } from './connect.ts';
import { createListing, type Listing } from './listing.ts';

export interface Question {
  readonly path: string;
  readonly maxScan: number;
  readonly name: keyof Listing;
  readonly args: readonly unknown[];
  readonly port: MessagePort;
}

export type Answer<T> = { readonly result: T } | { readonly error: string; readonly errcode: number | undefined };

const listings = new Map<string, Listing>();

const listingOf = ({ path, maxScan }: Question): Listing => {
  const known = listings.get(path);
  if (known) return known;
  const fresh = createListing(connectAgain(path), maxScan);
  listings.set(path, fresh);
  return fresh;
};

const answer = (question: Question): Answer<unknown> => {
  try {
    if (question.name === 'close' && !listings.has(question.path)) return { result: undefined };
    const listing = listingOf(question);
    if (question.name === 'close') listings.delete(question.path);
    return { result: Reflect.apply(listing[question.name], undefined, question.args) };
  } catch (error) {
    const errcode = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined;
    return { error: error instanceof Error ? error.message : String(error), errcode };
  }
};

parentPort?.on('message', (question: Question | 'end') => {
  if (question === 'end') {
    for (const listing of listings.values()) listing.close();
    parentPort?.close();
    return;
  }
  question.port.postMessage(answer(question));
  question.port.close();
});
