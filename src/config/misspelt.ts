// Finds variables that look like ours and are none. Their values are not looked at.

/** Set by Kubernetes and Docker for every service that they know, under its name. */
const ofPlatforms = /_SERVICE_(HOST|PORT.*)$|_PORT(_\d+_(TCP|UDP).*)?$/;

/** Common variables of other programs that look like ours. */
const ofOthers: ReadonlySet<string> = new Set(['FTP_PROXY', 'ALL_PROXY', 'LOG_FILE', 'LOG_DIR', 'PUBLIC_DIR']);

/** Too short: too many other names are one or two letters away. */
const short: ReadonlySet<string> = new Set(['HOST', 'PORT']);

/** Whether one text becomes the other by at most so many letters added, left out, changed or swapped. */
const isWithin = (edits: number, one: string, other: string): boolean => {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  const [a, b] = [one.slice(at), other.slice(at)];
  if (a === b) return true;
  if (edits === 0) return false;
  const isSwapped = a.length > 1 && a[0] === b[1] && a[1] === b[0];
  return (
    isWithin(edits - 1, a.slice(1), b) ||
    isWithin(edits - 1, a, b.slice(1)) ||
    isWithin(edits - 1, a.slice(1), b.slice(1)) ||
    (isSwapped && isWithin(edits - 1, a.slice(2), b.slice(2)))
  );
};

const isNear = (given: string, ours: string): boolean =>
  Math.abs(given.length - ours.length) <= 2 && isWithin(2, given, ours);

export interface Misspelt {
  readonly name: string;
  /** The variable of ours that is nearest, if one is near. */
  readonly meant: string | null;
}

/**
 * @param given the names of all variables of the environment
 * @param ours our own, in the order in which they are documented
 * @param prefixes what only ours begin with
 */
export const findMisspelt = (
  given: readonly string[],
  ours: readonly string[],
  prefixes: readonly string[],
): readonly Misspelt[] =>
  given.flatMap((name) => {
    const upper = name.toUpperCase();
    if (ours.includes(name) || ofOthers.has(upper) || ofPlatforms.test(upper)) return [];
    // Proxies are named in lower case as well.
    if (ours.includes(upper) && upper.endsWith('_PROXY')) return [];
    const meant = ours.find((own) => !short.has(own) && isNear(upper, own)) ?? null;
    return meant !== null || prefixes.some((prefix) => upper.startsWith(prefix)) ? [{ name, meant }] : [];
  });
