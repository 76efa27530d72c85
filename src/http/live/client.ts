// One client of the live stream. What it has not read yet waits in a bounded queue: one that reads too slowly is cut
// off, and goes on where it was when it connects again. (Hono's helper for such streams waits without a bound.)
import type { EventFilters } from '../../stores/event-filter.ts';

/** As much of its connection as is needed; absent where there is no socket. */
export interface Connection {
  /** Whether it waits for the other side to read. */
  readonly writableNeedDrain: boolean;
  destroy(): void;
}

export interface LiveClient {
  readonly filters: EventFilters;
  /** What is sent to it. */
  readonly body: ReadableStream<Uint8Array>;
  /** Queues a message. Gives false when there was no room for it, and the client is cut off. */
  send(message: string): boolean;
  /** Ends the stream, at once if the client does not read. */
  end(): void;
}

/** @param onEnd called once, however it ended */
export const createLiveClient = (
  filters: EventFilters,
  maxQueuedChars: number,
  connection: Connection | undefined,
  onEnd: () => void,
): LiveClient => {
  const encoder = new TextEncoder();
  let queue: string[] = [];
  let queuedChars = 0;
  let isEnded = false;
  /** Set while the reader waits for something to come. */
  let waiting: ReadableStreamDefaultController<Uint8Array> | undefined;

  const flush = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    if (queue.length > 0) {
      waiting = undefined;
      controller.enqueue(encoder.encode(queue.join('')));
      queue = [];
      queuedChars = 0;
    } else if (isEnded) controller.close();
    else waiting = controller;
  };

  const finish = (isCut: boolean): void => {
    if (isEnded) return;
    isEnded = true;
    if (isCut) {
      queue = [];
      connection?.destroy();
    }
    if (waiting) flush(waiting);
    onEnd();
  };

  const cancel = (): void => {
    // The stream is closed already, and its reader knows.
    waiting = undefined;
    finish(true);
  };
  const body = new ReadableStream<Uint8Array>({ pull: flush, cancel }, { highWaterMark: 0 });
  return {
    filters,
    body,
    send(message) {
      if (isEnded) return false;
      // A single message of any length is let through: cut off, the client would ask for it again and again.
      if (queue.length > 0 && queuedChars + message.length > maxQueuedChars) {
        finish(true);
        return false;
      }
      queue.push(message);
      queuedChars += message.length;
      if (waiting) flush(waiting);
      return true;
    },
    end: () => finish(connection?.writableNeedDrain === true),
  };
};
