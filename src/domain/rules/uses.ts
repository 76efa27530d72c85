// What of a status page is used. What is left out is kept as an event, and nobody is told.
import { parseTextPattern } from './match.ts';
import { checked } from './parsed.ts';
import type { Rules, StatusPageRules, Use } from './rules.ts';
import type { Subject } from './when.ts';

type Written = string | { readonly group?: string | undefined; readonly component?: string | undefined };

const testOf = (text: string | undefined): ((value: string) => boolean) => {
  if (text === undefined) return () => true;
  return checked('a name in uses', parseTextPattern(text)).test;
};

export const compileUse = (written: Written): Use => {
  const { group, component } = typeof written === 'string' ? { group: undefined, component: written } : written;
  const isGroup = testOf(group);
  const isComponent = testOf(component);
  return {
    name: [group, component].filter((part) => part !== undefined).join(' / '),
    // `null` is a component without a group; `undefined` is a group that we do not know.
    covers: (name, itsGroup) =>
      isComponent(name) && (group === undefined || itsGroup === undefined || (itsGroup !== null && isGroup(itsGroup))),
  };
};

/** A component that an incident names, with its group where the vendor's answer tells it. */
export interface NamedComponent {
  readonly component: string;
  /** `null`: it is in no group. Absent: not known. */
  readonly group?: string | null | undefined;
}

const unusedUnattributed = (page: StatusPageRules, impact: string | undefined): boolean => {
  if (page.unattributed === 'keep') return false;
  return page.unattributed === 'ignore_all' || (impact !== 'major' && impact !== 'critical');
};

const unusedIncident = (
  page: StatusPageRules,
  uses: readonly Use[],
  { facts }: Subject,
  named: readonly NamedComponent[],
): string | null => {
  if (named.length === 0)
    return unusedUnattributed(page, facts.impact)
      ? `status_pages.${page.name} (${page.place}) ignores incidents that name no component`
      : null;
  const isUsed = named.some(({ component, group }) => uses.some((use) => use.covers(component, group)));
  return isUsed ? null : `status_pages.${page.name} (${page.place}) uses none of the components that it names`;
};

/** Why an event is left out by `uses`, as a reason; null when it counts. */
export const whyUnused = (rules: Rules, subject: Subject, named?: readonly NamedComponent[]): string | null => {
  const { facts } = subject;
  const page = facts.page === undefined ? undefined : rules.statusPages.get(facts.page);
  if (!page?.uses) return null;
  const { uses } = page;
  if (facts.item === 'incident' || facts.item === 'maintenance')
    return unusedIncident(page, uses, subject, named ?? (facts.components ?? []).map((component) => ({ component })));
  const { component } = facts;
  if (facts.item !== 'component' || component === undefined) return null;
  if (uses.some((use) => use.covers(component, facts.group ?? null))) return null;
  const whole = facts.group === undefined ? component : `${facts.group} / ${component}`;
  return `status_pages.${page.name} (${page.place}) does not use '${whole}'`;
};
