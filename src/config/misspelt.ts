// Finds variables whose names are almost one of ours. Their values are not looked at.
import { editDistance } from '../domain/rules/nearest.ts';

/** Set by Kubernetes and Docker for every service that they know, under its name. */
const ofPlatforms = /_SERVICE_(HOST|PORT.*)$|_PORT(_\d+_(TCP|UDP).*)?$/;

/** Common variables of other programs that look like ours. */
const ofOthers: ReadonlySet<string> = new Set(['FTP_PROXY', 'ALL_PROXY', 'LOG_FILE', 'LOG_DIR', 'PUBLIC_DIR']);

/** Too short: too many other names are one or two letters away. */
const short: ReadonlySet<string> = new Set(['HOST', 'PORT']);

const isNear = (given: string, ours: string): boolean =>
  Math.abs(given.length - ours.length) <= 2 && editDistance(given, ours) <= 2;

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
