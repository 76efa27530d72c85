// What must not leave this process is replaced before any model sees the text. What is found is counted, never kept.

export interface Redacted {
  readonly text: string;
  /** How many of each kind were replaced. */
  readonly counts: Readonly<Record<string, number>>;
}

/** The check digit of card numbers (ISO/IEC 7812), which tells them from order numbers and time stamps. */
const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
};

interface Rule {
  readonly kind: string;
  readonly pattern: RegExp;
}

/** In this order: a bearer token may hold what looks like a key, and a key what looks like a number. */
const rules: readonly Rule[] = [
  { kind: 'bearer_token', pattern: /\bbearer\s+[A-Za-z0-9._~+/-]+=*/gi },
  { kind: 'bearer_token', pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?/g },
  { kind: 'api_key', pattern: /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}|\bwhsec_[A-Za-z0-9+/=_-]{8,}/g },
  {
    kind: 'api_key',
    pattern:
      /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  },
  { kind: 'api_key', pattern: /\b(?:api[_-]?key|secret|token|password)["']?\s*[:=]\s*["']?[^\s"',;]{6,}/gi },
  { kind: 'email', pattern: /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g },
];

const longestCard = 19;
const shortestCard = 13;

/** The first card number in groups of digits, from `from` on, as the index behind its last group; or `from` if none. */
const endOfCard = (groups: readonly string[], from: number): number => {
  let digits = '';
  let end = from;
  for (let at = from; at < groups.length && digits.length < longestCard; at++) {
    digits += groups[at];
    if (digits.length >= shortestCard && digits.length <= longestCard && passesLuhn(digits)) end = at + 1;
  }
  return end;
};

/** Replaces the card numbers in a run of digits: other numbers, such as a code or a date, may stand beside them. */
const redactRun = (run: string, found: () => string): string => {
  const groups = run.split(/[ -]/);
  const separators = run.match(/[ -]/g) ?? [];
  let safe = '';
  for (let at = 0; at < groups.length; ) {
    const end = endOfCard(groups, at);
    safe += end > at ? found() : groups[at];
    at = Math.max(end, at + 1);
    safe += separators[at - 1] ?? '';
  }
  return safe;
};

export const redact = (text: string): Redacted => {
  const counts: Record<string, number> = {};
  const replacement = (kind: string): string => {
    counts[kind] = (counts[kind] ?? 0) + 1;
    return `[${kind}]`;
  };
  const keyless = rules.reduce((safe, { kind, pattern }) => safe.replace(pattern, () => replacement(kind)), text);
  const safe = keyless.replace(/\d(?:[ -]?\d){12,}/g, (run) => redactRun(run, () => replacement('card_number')));
  return { text: safe, counts };
};
