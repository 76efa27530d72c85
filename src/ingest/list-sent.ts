// How a vendor is asked what it sent.
import type { HttpClient } from '../lib/http-client.ts';

export interface SentQuery {
  /** It counts too. */
  readonly fromMs: number;
  /** The `next` of the page before. */
  readonly after: string | null;
  readonly client: HttpClient;
  readonly userAgent: string;
  readonly abort: AbortSignal;
}

/** A page of what a vendor sent, newest first, or why there is none. */
export type SentPage =
  | {
      readonly ok: true;
      readonly payloads: readonly unknown[];
      /** After what the next page begins; null for the last one. */
      readonly next: string | null;
      /** How large the answer was. */
      readonly bytes: number;
    }
  /** `isFinal`: asking again changes nothing. */
  | { readonly ok: false; readonly isFinal: boolean; readonly error: string; readonly retryAfterMs: number | null };

/** Asks a vendor what it sent. Never rejects. */
export type ListSent = (query: SentQuery) => Promise<SentPage>;

export type SentFailure = Extract<SentPage, { readonly ok: false }>;
