// Load from outside on real processes: signed events, each id once, and a PagerDuty on the loopback that remembers.
import { startHttpServer } from './http-server.ts';
import { type Enqueued, keepIncident, type PagedIncident } from './pagerduty.ts';
import { signed, stripeEvent } from './stripe.ts';

export interface RememberingPagerDuty {
  readonly url: string;
  /** How often each `action dedup_key` was accepted. */
  readonly accepted: Map<string, number>;
  /** What it has made of what it accepted, by `dedup_key`. */
  readonly incidents: ReadonlyMap<string, PagedIncident>;
  /** Resolves when this is true of them. */
  until(isSo: () => boolean): Promise<void>;
  /** Resolves when every one of these has been accepted. */
  all(calls: readonly string[]): Promise<void>;
  /** Answers nothing until then. Resolves when the first request has come. */
  holdUntil(released: Promise<void>): Promise<void>;
  /** Answers 503 while this is true. */
  isDown: boolean;
}

export const rememberingPagerDuty = async (): Promise<RememberingPagerDuty> => {
  const accepted = new Map<string, number>();
  const incidents = new Map<string, PagedIncident>();
  const waiting = new Set<() => void>();
  const came = Promise.withResolvers<void>();
  let held = Promise.resolve();
  const url = await startHttpServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body: Enqueued = JSON.parse(text);
    const { event_action: action, dedup_key: key } = body;
    came.resolve();
    await held;
    if (fake.isDown) {
      response.writeHead(503).end();
      return;
    }
    const call = `${action} ${key}`;
    accepted.set(call, (accepted.get(call) ?? 0) + 1);
    keepIncident(incidents, body);
    response.writeHead(202).end('{"status":"success"}');
    for (const look of waiting) look();
  });
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isSo()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const fake: RememberingPagerDuty = {
    url,
    accepted,
    incidents,
    isDown: false,
    holdUntil(released) {
      held = released;
      return came.promise;
    },
    until,
    all: (calls) => until(() => calls.every((call) => accepted.has(call))),
  };
  return fake;
};

export interface Post {
  readonly id: string;
  /** What it was answered; undefined when the connection broke. */
  readonly status: number | undefined;
  readonly body: string;
}

/** Critical events only, each of another account, so that every one is an alert of its own. */
const post = async (url: string, id: string): Promise<Post> => {
  try {
    const response = await fetch(
      `${url}/ingest/stripe`,
      signed(stripeEvent(id, 'payout.failed', { account: `acct_${id}` })),
    );
    return { id, status: response.status, body: await response.text() };
  } catch {
    return { id, status: undefined, body: '' };
  }
};

/** Posts the ids, so many at once, over the given addresses in turn. */
export const postAll = async (
  urls: readonly string[],
  ids: readonly string[],
  { concurrency = 8, onAnswer = (_post: Post): void => undefined } = {},
): Promise<readonly Post[]> => {
  const posts: Post[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < ids.length) {
      const at = next++;
      const answered = await post(urls[at % urls.length] ?? '', ids[at] ?? '');
      posts.push(answered);
      onAnswer(answered);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return posts;
};

export const acknowledged = (posts: readonly Post[]): readonly string[] =>
  posts.filter(({ status }) => status === 200).map(({ id }) => id);

/** The ids of all stored events, newest first, read page by page. */
export const storedIds = async (url: string): Promise<readonly string[]> => {
  const ids: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: { events: { event_id: string }[]; next_cursor: string | null } = JSON.parse(
      await (await fetch(`${url}/events?limit=1000${query}`)).text(),
    );
    ids.push(...page.events.map(({ event_id: id }) => id));
    cursor = page.next_cursor;
  }
  return ids;
};

export const idsFor = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `evt_${prefix}_${at}`);
