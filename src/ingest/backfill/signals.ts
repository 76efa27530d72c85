// What a vendor sent while we were away: read from its own list page by page, newest first, and put in order. What had
// ended again before we knew of it is marked, so that nobody is told of it.
import type { Sighting } from '../../domain/observation.ts';
import type { Signal } from '../../pipeline/topics.ts';
import type { SentFailure, SentPage } from '../list-sent.ts';
import type { WebhookSource } from '../webhook.ts';

export interface Missed {
  readonly payload: unknown;
  readonly missed: NonNullable<Sighting['missed']>;
  /** When it happened, by the vendor. */
  readonly at: string;
}

export interface Collected {
  /** In the order in which it happened. */
  readonly signals: readonly Missed[];
  readonly pages: number;
  /** What was listed and cannot be read. */
  readonly unreadable: number;
  /** After what the rest begins; null when nothing is left, or nothing was read. */
  readonly next: string | null;
  readonly failure: SentFailure | null;
}

interface Read {
  readonly payload: unknown;
  readonly sighting: Sighting;
}

/** What happened to one thing later, by which an earlier failure is over. */
interface Ending {
  readonly types: readonly string[];
  readonly at: string;
}

const readPayload = ({ vendor, source, check, normalize }: WebhookSource, payload: unknown): readonly Read[] => {
  if (!check(payload).ok) return [];
  const signal: Signal = { signalId: '', requestId: '', vendor, source, payload };
  const first = normalize(signal).find(({ type }) => type === 'sighting');
  return first?.type === 'sighting' ? [{ payload, sighting: first }] : [];
};

const endingsOf = (reads: readonly Read[]): ReadonlyMap<string, readonly Ending[]> => {
  const endings = new Map<string, Ending[]>();
  for (const { sighting } of reads) {
    const { scope, endsTypes: types, event } = sighting;
    if (types === undefined) continue;
    const known = endings.get(scope);
    const ending = { types, at: event.started_at };
    if (known) known.push(ending);
    else endings.set(scope, [ending]);
  }
  return endings;
};

/** Puts what was read in order, and marks what is over. */
const inOrder = (source: WebhookSource, payloads: readonly unknown[]): readonly Missed[] => {
  // The list is newest first, and the order within one second counts too.
  const reads = payloads.toReversed().flatMap((payload) => readPayload(source, payload));
  const endings = endingsOf(reads);
  const isOver = ({ scope, traits, event }: Sighting): boolean =>
    endings.get(scope)?.some(({ types, at }) => types.includes(traits.name ?? '') && at > event.started_at) === true;
  return reads
    .map(({ payload, sighting }) => ({
      payload,
      missed: isOver(sighting) ? ('over' as const) : ('open' as const),
      at: sighting.event.started_at,
    }))
    .toSorted((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
};

export interface CollectOptions {
  /** Reads one page, after the one whose `next` is given. */
  readonly ask: (after: string | null) => Promise<SentPage>;
  /** Where to go on; null for the newest page. */
  readonly after: string | null;
  readonly maxPages: number;
  /** The page that goes beyond is the last one. */
  readonly maxBytes: number;
}

/** Reads some pages. A failure on the way ends it, and leaves what was read until then. */
export const collectMissed = async (source: WebhookSource, options: CollectOptions): Promise<Collected> => {
  const { ask, maxPages, maxBytes } = options;
  const payloads: unknown[] = [];
  let next = options.after;
  let failure: SentFailure | null = null;
  let pages = 0;
  let bytes = 0;
  do {
    const page: SentPage = await ask(next);
    if (!page.ok) {
      failure = page;
      break;
    }
    pages += 1;
    bytes += page.bytes;
    payloads.push(...page.payloads);
    next = page.next;
  } while (next !== null && pages < maxPages && bytes < maxBytes);
  const signals = inOrder(source, payloads);
  return { signals, pages, unreadable: payloads.length - signals.length, next, failure };
};
