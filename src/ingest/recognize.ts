// Tells from a payload alone which vendor's it is.
import * as z from 'zod';
import { type FieldError, fieldErrors } from '../lib/errors.ts';
import { readSummary, type Summary } from './statuspage/schema.ts';
import type { WebhookSource } from './webhook.ts';

export type Recognized =
  | { readonly webhook: WebhookSource }
  | { readonly summary: Summary }
  /** What it lacks to be each of them, the path beginning with which one that is. */
  | { readonly errors: readonly FieldError[] };

const named = (form: string, errors: readonly FieldError[]): readonly FieldError[] =>
  errors.map(({ path, message }) => ({ path: [form, path].filter(Boolean).join('.'), message }));

export const recognize = (payload: unknown, webhooks: readonly WebhookSource[]): Recognized => {
  const errors: FieldError[] = [];
  for (const webhook of webhooks) {
    const checked = webhook.check(payload);
    if (checked.ok) return { webhook };
    errors.push(...named(webhook.vendor, checked.errors ?? []));
  }
  try {
    return { summary: readSummary(payload) };
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return { errors: [...errors, ...named('statuspage', fieldErrors(error))] };
  }
};
