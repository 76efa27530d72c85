// One client of the live stream. What it has not read yet waits in a bounded queue: one that reads too slowly is cut
// off, and goes on where it was when it connects again. (Hono's helper for such streams waits without a bound.)
import type { Subscription } from './messages.ts';

/** As much of its connection as is needed; absent where there is no socket. */
export interface Connection {
  /** Whether it waits for the other side to read. */
  readonly writableNeedDrain: boolean;
  destroy(): void;
}

export interface LiveClient {
  readonly subscription: Subscription;
  /** What is sent to it. */
  readonly body: ReadableStream<Uint8Array>;
  /**
   * Queues some messages, in bytes that may be another client's too. Gives false when there was no room for them, and the
   * client is cut off.
   */
  send(frame: Uint8Array): boolean;
  /** Ends the stream, at once if the client does not read. */
  end(): void;
}

/** @param onEnd called once, however it ended */
export const createLiveClient = (
  subscription: Subscription,
  maxQueuedBytes: number,
  connection: Connection | undefined,
  onEnd: () => void,
): LiveClient => {
  let queue: Uint8Array[] = [];
  let queuedBytes = 0;
  let isEnded = false;
  /** Set while the reader waits for something to come. */
  let waiting: ReadableStreamDefaultController<Uint8Array> | undefined;

  const flush = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const frame = queue.shift();
    if (frame) {
      waiting = undefined;
      queuedBytes -= frame.length;
      controller.enqueue(frame);
    } else if (isEnded) controller.close();
    else waiting = controller;
  };

  const finish = (isCut: boolean): void => {
    if (isEnded) return;
    isEnded = true;
    if (isCut) {
      queue = [];
      queuedBytes = 0;
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
    subscription,
    body,
    send(frame) {
      if (isEnded) return false;
      // A single frame of any length is let through: cut off, the client would ask for it again and again.
      if (queue.length > 0 && queuedBytes + frame.length > maxQueuedBytes) {
        finish(true);
        return false;
      }
      queue.push(frame);
      queuedBytes += frame.length;
      if (waiting) flush(waiting);
      return true;
    },
    end: () => finish(connection?.writableNeedDrain === true),
  };
};
