// What an adapter of a vendor is that posts to us. A status page is fetched instead (status-page.ts). Both end in a signal
// on the bus, which their normalizer turns into observations: any number of them, for a body may hold several events.
import type * as z from 'zod';
import type { Given, Part } from '../config/declare.ts';
import type { FieldError } from '../lib/errors.ts';
import type { Normalizer } from '../pipeline/topics.ts';
import type { ListSent } from './list-sent.ts';

export interface Refused {
  readonly ok: false;
  /** It is the vendor all the same, who sent what we cannot use. */
  readonly authentic: boolean;
  /** For the sender: it names what is wrong and holds nothing of the body or of a secret. */
  readonly detail: string;
  readonly errors?: readonly FieldError[];
}

export interface Passed {
  readonly ok: true;
  readonly payload: unknown;
  /** What the check made of the payload, for the normalizer: see `Signal.checked`. */
  readonly checked?: unknown;
}

export type Checked = Passed | Refused;

export type Verified =
  /** `rawJson`: the body's text, where the payload is all of it. */
  (Passed & { readonly rawJson?: string }) | Refused;

export interface WebhookSource {
  readonly vendor: string;
  readonly source: string;
  /** Its event ids are kept as the vendor writes them. All others get `{vendor}:` before them, and cannot collide. */
  readonly bareEventIds?: true;
  /** Checks, over the bytes as they came, that the vendor sent them, and that they are what the vendor sends. */
  verify(body: Uint8Array, header: (name: string) => string | undefined, nowMs: number): Verified;
  /** Checks only that it is what the vendor sends, not who sent it. */
  check(payload: unknown): Checked;
  readonly normalize: Normalizer;
  /** Asks the vendor what it sent while we were away. Absent where it has no such list, or we may not read it. */
  readonly listSent?: ListSent;
  /** What its requests are made of, for the API's description. */
  readonly request: {
    readonly headers: z.ZodObject;
    readonly body: z.ZodType;
    /** A body as the vendor sends it. */
    example(): unknown;
  };
}

/** A line of the registry: the vendor's variables, and the source that is made from them. */
export interface WebhookVendor {
  readonly config: Part<unknown>;
  create(given: Given): WebhookSource;
}

export const defineWebhookVendor = <Settings>(
  config: Part<Settings>,
  create: (settings: Settings) => WebhookSource,
): WebhookVendor => ({ config, create: (given) => create(config.read(given)) });
