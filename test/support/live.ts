// A reader of server-sent events, as strict as a browser.
export interface LiveMessage {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
}

const parse = (block: string): LiveMessage => {
  const fields = new Map(
    block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
  return { id: fields.get('id'), event: fields.get('event'), data: JSON.parse(fields.get('data') ?? 'null') };
};

export interface LiveReader {
  /** The next message, or undefined at the end. */
  next(): Promise<LiveMessage | undefined>;
  /** As many as are asked for, each as its name and the event's id. */
  take(count: number): Promise<readonly string[]>;
  /** The last cursor. */
  cursor(): string;
  close(): Promise<void>;
}

export const readLive = (body: ReadableStream<Uint8Array>): LiveReader => {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let cursor = '';
  const next = async (): Promise<LiveMessage | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const message = parse(text.slice(0, end));
        text = text.slice(end + 2);
        cursor = message.id ?? cursor;
        return message;
      }
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += decoder.decode(value, { stream: true });
    }
  };
  const nameOf = (message: LiveMessage | undefined): string => {
    const { data } = message ?? {};
    const id = typeof data === 'object' && data !== null && 'event_id' in data ? ` ${data.event_id}` : '';
    return `${message?.event ?? 'the end'}${id}`;
  };
  return {
    next,
    async take(count) {
      const names: string[] = [];
      for (let taken = 0; taken < count; taken++) names.push(nameOf(await next()));
      return names;
    },
    cursor: () => cursor,
    close: () => reader.cancel(),
  };
};
