// What a vendor adapter is. A webhook source is posted to; a status page is fetched (statuspage/). Both end in a
// signal on the bus, which their normalizer turns into an observation.
import type * as z from 'zod';
import type { FieldError } from '../lib/errors.ts';
import type { Normalizer } from '../pipeline/topics.ts';

export type Verified = { readonly ok: true; readonly payload: unknown } | Refused;

export interface Refused {
  readonly ok: false;
  /** It is the vendor all the same, who sent what we cannot use. */
  readonly authentic: boolean;
  /** For the sender: it names what is wrong and holds nothing of the body or of a secret. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export interface WebhookSource {
  readonly vendor: string;
  readonly source: string;
  /** Checks, over the bytes as they came, that the vendor sent them, and that they are what the vendor sends. */
  verify(body: Uint8Array, header: (name: string) => string | undefined, nowMs: number): Verified;
  /** Checks only that it is what the vendor sends, whoever sent it. */
  check(payload: unknown): Verified;
  readonly normalize: Normalizer;
  /** What its requests are made of, for the API's description. */
  readonly request: {
    readonly headers: z.ZodObject;
    readonly body: z.ZodType;
    /** A body as the vendor sends it. */
    example(): unknown;
  };
}
