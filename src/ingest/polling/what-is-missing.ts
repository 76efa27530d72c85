// What a good fetch no longer lists, and since when: only after a while is it taken for gone. Pure.
import type { Summary } from '../status-page.ts';
import { sinceOr } from './page-state.ts';
import { componentSubject, type Ongoing } from './payload.ts';

/** What is missing beyond this many is not remembered, and so stays open. */
const maxMissing = 1000;

interface Missing {
  readonly missing_since: Readonly<Record<string, string>>;
  readonly contradicts_since: string | null;
}

/** A name of `uses`, as the rules have it. */
export interface UsedName {
  readonly name: string;
  readonly covers: (component: string, group: string | null) => boolean;
}

/** A status page that lists what is well lists everything; one that does not may list only what changed. */
export const listsAll = ({ components }: Summary): boolean => components.some(({ isWell }) => isWell);

/** The used names that cover nothing of what a status page lists. */
export const unlisted = <U extends UsedName>(uses: readonly U[], { components }: Summary): readonly U[] =>
  uses.filter(({ covers }) => !components.some(({ name, groupName }) => covers(name, groupName)));

/**
 * Since when each used name has not been listed. Only a status page that lists what is well tells that a name is gone: a
 * renamed component must not turn a vendor silent.
 */
export const whichUsesAreMissing = (
  before: Readonly<Record<string, string>>,
  uses: readonly UsedName[],
  summary: Summary,
  nowMs: number,
): Readonly<Record<string, string>> => {
  if (!listsAll(summary) || summary.malformed.count > 0) return before;
  const missing = unlisted(uses, summary);
  return Object.fromEntries(missing.slice(0, maxMissing).map(({ name }) => [name, sinceOr(before[name], nowMs)]));
};

/** Since when each ongoing component is not listed, and since when the status page contradicts itself. */
export const whatIsMissing = (
  before: Missing,
  source: string,
  summary: Summary,
  ongoing: readonly Ongoing[],
  nowMs: number,
): Missing => {
  const prefix = componentSubject(source, '');
  const listed = new Set(summary.components.map(({ id }) => componentSubject(source, id)));
  // What was not understood may be what seems to be missing.
  const mayBegin = summary.malformed.count === 0;
  const missing = [...new Set(ongoing.map(({ subject }) => subject))]
    .filter((subject) => subject.startsWith(prefix) && !listed.has(subject))
    .filter((subject) => mayBegin || before.missing_since[subject] !== undefined)
    .slice(0, maxMissing);
  return {
    missing_since: Object.fromEntries(
      missing.map((subject) => [subject, sinceOr(before.missing_since[subject], nowMs)]),
    ),
    contradicts_since: summary.contradictsItself ? sinceOr(before.contradicts_since, nowMs) : null,
  };
};
