// What a secret looks like. Vendors' texts are matched here, so each pattern takes time in proportion to the text. It either
// starts only where a run of its characters starts (a lookbehind), or always matches once a bounded beginning has matched.

export interface SecretPattern {
  readonly kind: string;
  readonly pattern: RegExp;
  /** What a match becomes, where not all of it is a secret. */
  readonly within?: (match: string, replacement: () => string) => string;
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
const replaceCards = (run: string, replacement: () => string): string => {
  const groups = run.split(/[ -]/);
  const separators = run.match(/[ -]/g) ?? [];
  let safe = '';
  for (let at = 0; at < groups.length; ) {
    const end = endOfCard(groups, at);
    safe += end > at ? replacement() : groups[at];
    at = Math.max(end, at + 1);
    safe += separators[at - 1] ?? '';
  }
  return safe;
};

const jwtHeader = /\beyJ[A-Za-z0-9_-]{8}/;

/** Replaces JSON Web Tokens in words joined by dots, each from its header on: `www.x-eyJ….….…` becomes `www.x-[…]`. */
const replaceJwts = (run: string, replacement: () => string): string => {
  const words = run.split('.');
  const safe: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const [word = '', payload = ''] = words.slice(at, at + 2);
    const start = payload.length < 8 ? -1 : word.search(jwtHeader);
    safe.push(start < 0 ? word : word.slice(0, start) + replacement());
    // Header, payload and signature are one.
    if (start >= 0) at += 2;
  }
  return safe.join('.');
};

/** In this order: a bearer token may hold what looks like a key, and a key what looks like a number. */
export const secretPatterns: readonly SecretPattern[] = [
  { kind: 'bearer_token', pattern: /\bbearer\s+[A-Za-z0-9._~+/-]+=*/gi },
  { kind: 'bearer_token', pattern: /(?<![A-Za-z0-9_-])[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+/g, within: replaceJwts },
  { kind: 'api_key', pattern: /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}|\bwhsec_[A-Za-z0-9+/=_-]{8,}/g },
  {
    kind: 'api_key',
    pattern:
      /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  },
  { kind: 'api_key', pattern: /\b(?:api[_-]?key|secret|token|password)["']?\s*[:=]\s*["']?[^\s"',;]{6,}/gi },
  { kind: 'email', pattern: /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g },
  { kind: 'card_number', pattern: /\d(?:[ -]?\d){12,}/g, within: replaceCards },
];
