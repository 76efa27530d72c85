// Tells from a payload alone which vendor's it is.
import { type FieldError, fieldErrors } from '../lib/errors.ts';
import { readBy } from './polling/read-documents.ts';
import type { StatusPageDialect, Summary } from './status-page.ts';
import type { WebhookSource } from './webhook.ts';

export type Recognized =
  | { readonly webhook: WebhookSource }
  | { readonly summary: Summary }
  /** What it lacks to be each of them, the path beginning with which one that is. */
  | { readonly errors: readonly FieldError[] };

const named = (form: string, errors: readonly FieldError[]): readonly FieldError[] =>
  errors.map(({ path, message }) => ({ path: [form, path].filter(Boolean).join('.'), message }));

export const recognize = (
  payload: unknown,
  webhooks: readonly WebhookSource[],
  dialects: readonly StatusPageDialect[],
  nowMs: number,
): Recognized => {
  const errors: FieldError[] = [];
  for (const webhook of webhooks) {
    const checked = webhook.check(payload);
    if (checked.ok) return { webhook };
    errors.push(...named(webhook.vendor, checked.errors ?? []));
  }
  for (const dialect of dialects) {
    const read = readBy(dialect, [payload], nowMs);
    if ('summary' in read) return read;
    errors.push(...named(dialect.name, fieldErrors(read.error)));
  }
  return { errors };
};
