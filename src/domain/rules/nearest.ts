// What a misspelt word probably was.

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;

/** The number of letters added, dropped, changed, or swapped with their neighbour. */
export const editDistance = (a: string, b: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(last, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, change, swap));
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
};

const maxLength = 80;
const fold = (word: string): string => word.toLowerCase().replace(/[\s-]+/g, '_');

/** The one candidate that a word abbreviates, or that abbreviates it: crit, monday. */
const abbreviation = (word: string, candidates: readonly string[]): string | undefined => {
  const folded = fold(word);
  const alike = candidates.filter((candidate) => {
    const other = fold(candidate);
    return Math.min(folded.length, other.length) >= 3 && (other.startsWith(folded) || folded.startsWith(other));
  });
  return alike.length === 1 ? alike[0] : undefined;
};

/** The candidate that a word was probably meant to be, if there is one. */
export const nearest = (word: string, known: Iterable<string>): string | undefined => {
  if (word.length > maxLength) return undefined;
  const candidates = [...known];
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    if (candidate.length > maxLength) continue;
    const distance = editDistance(fold(word), fold(candidate));
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance <= allowed && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { candidate, distance };
  }
  return best?.candidate ?? abbreviation(word, candidates);
};

/** ` (did you mean "…"?)`, or nothing. */
export const didYouMean = (word: string, candidates: Iterable<string>): string => {
  const candidate = nearest(word, candidates);
  return candidate === undefined ? '' : ` (did you mean "${candidate}"?)`;
};

/** What is said of a word that is none of those that may stand there. */
export const expectedWords = (given: unknown, values: readonly string[]): string =>
  `expected ${values.join(', ').replace(/, (?=[^,]*$)/, ' or ')}${typeof given === 'string' ? didYouMean(given, values) : ''}`;
