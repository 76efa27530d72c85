// Tells everybody who is connected what changed. One reader for all of them asks the store, about once a second and as
// soon as this process stores something, and only while somebody is connected: another replica's changes are seen too.
import pLimit from 'p-limit';
import { createFaultLog } from '../../lib/fault-log.ts';
import type { Log } from '../../lib/log.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { EventStore } from '../../stores/event-store.ts';
import { type Connection, createLiveClient, type LiveClient } from './client.ts';
import { createFrames, textFor, toFrame } from './frames.ts';
import { alive, changedMessages, ready, reset, type Subscription } from './messages.ts';

/** Registers what ends a stream from outside, and gives a function that takes it back. */
export type Until = (end: () => void) => () => void;

export interface Live {
  /**
   * A stream of what changes from now on, or after a cursor of an earlier stream. `full` when there are as many clients
   * as there may be, or this process is stopping. Rejects with `StoreUnavailable`.
   */
  open(
    subscription: Subscription,
    after: string | null,
    connection?: Connection,
    until?: Until,
  ): Promise<ReadableStream<Uint8Array> | 'full'>;
  /** Ends every stream, and takes no more. */
  close(): Promise<void>;
}

export interface LiveDeps {
  readonly store: Pick<EventStore, 'changes'>;
  readonly bus: Pick<Bus, 'on'>;
  readonly log: Log;
  readonly maxClients: number;
}

const maxQueuedBytes = 1_000_000;
/** Of more changes than this at once, nobody is told each: to read the list again is cheaper for both sides. */
const maxChanges = 500;
const pollMs = 1000;
/** Under load the store is asked this often, and not for every event. */
const shortestPollMs = 200;
/** To write to a client takes some 20 to 50 µs, however little: of many, each hears less often. 500 hear once a second. */
const pollMsPerClient = 2;
/** Well within the half minute after which proxies give up a connection that says nothing. */
const aliveMs = 15_000;

export const createLive = ({ store, bus, log, maxClients }: LiveDeps): Live => {
  const clients = new Set<LiveClient>();
  const inTurn = pLimit(1);
  let position = '';
  let timer: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;
  let lastReadMs = 0;
  let isHurrying = false;
  let isClosed = false;
  const fault = createFaultLog(log, { failed: 'live.cannot_read', over: 'live.reads_again', level: 'warn' });

  /** What changed after the cursor, or `lost` when that is too much or cannot be told, and where to go on. */
  const readAfter = async (cursor: string | null) => {
    const changes = await store.changes(cursor, maxChanges);
    if (changes !== 'lost' && Math.max(changes.events.length, changes.alerts.length) < maxChanges) {
      return { messages: changedMessages(changes), cursor: changes.cursor };
    }
    const now = await store.changes(null, 1);
    // Without a cursor there is nothing that could be lost.
    return { messages: 'lost' as const, cursor: now === 'lost' ? '' : now.cursor };
  };

  const tellAll = (frame: Uint8Array): void => {
    for (const client of clients) client.send(frame);
  };

  const read = async (): Promise<void> => {
    lastReadMs = performance.now();
    const { messages, cursor } = await readAfter(position);
    position = cursor;
    if (messages === 'lost') {
      tellAll(toFrame(reset(cursor)));
      return;
    }
    const frameFor = createFrames(messages);
    for (const client of clients) {
      const frame = frameFor(client.subscription);
      if (frame) client.send(frame);
    }
  };

  const readSafely = async (): Promise<void> => {
    if (clients.size === 0) return;
    try {
      await read();
      fault.worked();
    } catch (error) {
      if (!isClosed) fault.failed(error);
    }
  };

  const schedule = (delayMs: number): void => {
    clearTimeout(timer);
    if (clients.size > 0) timer = setTimeout(() => void tick(), delayMs);
  };
  const tick = async (): Promise<void> => {
    isHurrying = false;
    await inTurn(readSafely);
    if (!isHurrying) schedule(pollMs);
  };
  const hurry = (): void => {
    if (clients.size === 0 || isHurrying) return;
    isHurrying = true;
    const apartMs = Math.max(shortestPollMs, clients.size * pollMsPerClient);
    schedule(Math.max(0, apartMs - (performance.now() - lastReadMs)));
  };
  bus.on('event.stored', hurry);
  bus.on('alert.changed', hurry);
  bus.on('delivery.queued', hurry);

  const stopWhenAlone = (): void => {
    if (clients.size > 0) return;
    clearTimeout(timer);
    clearInterval(heartbeat);
    heartbeat = undefined;
  };

  /** In turn with the reader, so that nothing falls between what it has told and what this client was told. */
  const join = async (client: LiveClient, after: string | null): Promise<void> => {
    const { messages, cursor } = await readAfter(after);
    const missed = messages === 'lost' ? messages : textFor(messages, client.subscription);
    client.send(toFrame(missed === 'lost' || missed.length > maxQueuedBytes ? reset(cursor) : missed + ready(cursor)));
    if (clients.size === 0) position = cursor;
    clients.add(client);
    heartbeat ??= setInterval(() => tellAll(toFrame(alive(position))), aliveMs);
    if (clients.size === 1) schedule(pollMs);
  };

  return {
    async open(subscription, after, connection, until) {
      if (isClosed || clients.size + inTurn.pendingCount + inTurn.activeCount >= maxClients) return 'full';
      let forget = (): void => undefined;
      let isOver = false;
      const client = createLiveClient(subscription, maxQueuedBytes, connection, () => {
        isOver = true;
        forget();
        clients.delete(client);
        stopWhenAlone();
      });
      await inTurn(() => join(client, after));
      if (isClosed) client.end();
      else if (until && !isOver) forget = until(client.end);
      return client.body;
    },
    async close() {
      isClosed = true;
      for (const client of clients) client.end();
      await inTurn(() => undefined);
    },
  };
};
