// `redact` for a JSON value: a key can say that its text is a secret, and the value keeps its shape.
import { redact } from './redact.ts';

export interface RedactedJson {
  readonly value: unknown;
  /** How many of each kind were replaced. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Keys whose text is always a secret, even if it does not look like one. */
const secretKey = /secret|token|password|passwd|api_?key|authorization|credential/i;

export const redactJson = (json: unknown): RedactedJson => {
  const counts: Record<string, number> = {};
  const count = (kind: string, by = 1): void => {
    counts[kind] = (counts[kind] ?? 0) + by;
  };
  const safeText = (text: string): string => {
    const redacted = redact(text);
    for (const [kind, found] of Object.entries(redacted.counts)) count(kind, found);
    return redacted.text;
  };
  const safeField = (key: string, value: unknown): unknown => {
    if (typeof value !== 'string' || value === '' || !secretKey.test(key)) return safe(value);
    count('secret');
    return '[secret]';
  };
  const safe = (value: unknown): unknown => {
    if (typeof value === 'string') return safeText(value);
    if (typeof value === 'number') {
      // A card number may come without quotes.
      const text = String(value);
      const redacted = safeText(text);
      return redacted === text ? value : redacted;
    }
    if (Array.isArray(value)) return value.map(safe);
    if (typeof value !== 'object' || value === null) return value;
    // From entries, for a vendor's key may be `__proto__`.
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [safeText(key), safeField(key, child)]));
  };
  return { value: safe(json), counts };
};
