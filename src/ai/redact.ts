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
  readonly applies?: (found: string) => boolean;
}

/** In this order: a bearer token may hold what looks like a key, and a key what looks like a number. */
const rules: readonly Rule[] = [
  { kind: 'bearer_token', pattern: /\bbearer\s+[A-Za-z0-9._~+/-]+=*/gi },
  { kind: 'bearer_token', pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?/g },
  { kind: 'api_key', pattern: /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}|\bwhsec_[A-Za-z0-9+/=_-]{8,}/g },
  {
    kind: 'api_key',
    pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  },
  { kind: 'api_key', pattern: /\b(?:api[_-]?key|secret|token|password)["']?\s*[:=]\s*["']?[^\s"',;]{6,}/gi },
  { kind: 'email', pattern: /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g },
  {
    kind: 'card_number',
    pattern: /\b\d(?:[ -]?\d){12,18}\b/g,
    applies: (found) => passesLuhn(found.replace(/\D/g, '')),
  },
];

export const redact = (text: string): Redacted => {
  const counts: Record<string, number> = {};
  let safe = text;
  for (const { kind, pattern, applies } of rules) {
    safe = safe.replace(pattern, (found) => {
      if (applies && !applies(found)) return found;
      counts[kind] = (counts[kind] ?? 0) + 1;
      return `[${kind}]`;
    });
  }
  return { text: safe, counts };
};
