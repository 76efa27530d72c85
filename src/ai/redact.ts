// What must not leave this process is replaced before any model sees the text. What is found is counted, never kept.
import { cut } from '../lib/text.ts';
import { type SecretPattern, secretPatterns } from './secret-patterns.ts';

export interface Redacted {
  readonly text: string;
  /** How many of each kind were replaced. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Far more than anybody writes about an incident. */
const maxChars = 64 * 1024;

/** More than most secrets: the beginning of one that was cut in two looks like none, and must not be left at the end. */
const marginChars = 1024;

/** Replaces what the pattern finds, and calls `found` for each. */
export const replaceSecrets = (text: string, { kind, pattern, within }: SecretPattern, found: () => void): string => {
  const replacement = (): string => {
    found();
    return `[${kind}]`;
  };
  return text.replace(pattern, (match) => (within ? within(match, replacement) : replacement()));
};

/** At most 64 Ki UTF-16 units are looked at. Of a longer text the last part is left out, and `…` says so. */
export const redact = (text: string): Redacted => {
  const counts: Record<string, number> = {};
  const isCut = text.length > maxChars;
  const safe = secretPatterns.reduce(
    (before, secret) =>
      replaceSecrets(before, secret, () => {
        counts[secret.kind] = (counts[secret.kind] ?? 0) + 1;
      }),
    isCut ? text.slice(0, maxChars) : text,
  );
  return { text: isCut ? cut(safe, Math.max(safe.length - marginChars, 1)) : safe, counts };
};
