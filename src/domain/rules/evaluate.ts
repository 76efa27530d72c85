// What the rules say of one event: how serious it is, who is told, and when. Pure: the time is an argument.
import type { Severity } from '../event.ts';
import type { Facts } from '../facts.ts';
import type { Route, Rules } from './rules.ts';
import { type NamedComponent, whyUnused } from './uses.ts';
import type { Subject } from './when.ts';
import { endOfWindows } from './windows.ts';

export interface RulingContext {
  /** Ms since 1970; null: outside every window. */
  readonly nowMs: number | null;
  /** The severity of the worst open incident of the status page that names this component. */
  readonly incidentImpactSeverity?: Severity | undefined;
  /** The components that an incident names, where their groups are known; else the fact `components` is taken. */
  readonly namedComponents?: readonly NamedComponent[] | undefined;
}

export interface Ruling {
  readonly severity: Severity;
  readonly builtInSeverity: Severity;
  /** Why the severity is not the built-in one; null when it is. */
  readonly severityBecause: string | null;
  /** False: `uses` leaves it out, so it has no alert. */
  readonly used: boolean;
  /** The route of the file that decided. */
  readonly route: { readonly name: string; readonly place: string } | null;
  /** For `routing_reason`, in the middle of a sentence. */
  readonly because: string;
  /** Who is told, once `holdMs` is over. */
  readonly send: readonly string[];
  readonly holdMs: number;
  /** Who is told at `windowEndsAtMs`, if it is still open then. */
  readonly atEndOfWindow: readonly string[];
  /** When none of the windows that the route names is active any more. */
  readonly windowEndsAtMs: number | null;
  readonly resolveAfterMs: number | null;
}

interface SeverityRuling {
  readonly severity: Severity;
  readonly because: string | null;
}

const followsIncident = (rules: Rules, { page, item, status }: Facts): boolean =>
  page !== undefined &&
  item === 'component' &&
  (status === 'partial_outage' || status === 'degraded_performance') &&
  rules.statusPages.get(page)?.component_severity === 'incident';

const withSeverity = ({ event, facts }: Subject, severity: Severity): Subject => {
  const { built_in_severity: _, ...given } = facts;
  return {
    event: { ...event, severity },
    facts: severity === event.severity ? given : { ...given, built_in_severity: event.severity },
  };
};

/** `component_severity` takes the place of the built-in tables, and the rows of `severity` are asked after it. */
const decideSeverity = (rules: Rules, subject: Subject, context: RulingContext): SeverityRuling => {
  const { incidentImpactSeverity: impact, nowMs } = context;
  const isIncidents = impact !== undefined && followsIncident(rules, subject.facts);
  const base = isIncidents ? impact : subject.event.severity;
  const row = rules.severity.find(({ matches }) => matches(withSeverity(subject, base), nowMs));
  if (row) return { severity: row.is, because: `${row.name} (${row.place})` };
  if (!isIncidents) return { severity: base, because: null };
  const place = rules.statusPages.get(subject.facts.page ?? '')?.place;
  return { severity: base, because: `the incident that names it decides, by component_severity (${place})` };
};

const nobody = {
  route: null,
  send: [],
  holdMs: 0,
  atEndOfWindow: [],
  windowEndsAtMs: null,
  resolveAfterMs: null,
} as const;

const byRoute = (route: Route, nowMs: number | null) => ({
  route: route.place === null ? null : { name: route.name, place: route.place },
  because: route.because,
  send: route.send,
  holdMs: route.holdMs,
  atEndOfWindow: route.atEndOfWindow,
  windowEndsAtMs: nowMs === null || route.windows.length === 0 ? null : endOfWindows(route.windows, nowMs),
  resolveAfterMs: route.resolveAfterMs,
});

/** Asks the rules. The severity of the subject's event is the one of the built-in tables. */
export const evaluate = (rules: Rules, subject: Subject, context: RulingContext): Ruling => {
  const { severity, because: severityBecause } = decideSeverity(rules, subject, context);
  const builtInSeverity = subject.event.severity;
  const common = {
    severity,
    builtInSeverity,
    severityBecause: severity === builtInSeverity ? null : severityBecause,
  };
  const unused = whyUnused(rules, subject, context.namedComponents);
  if (unused !== null) return { ...common, ...nobody, used: false, because: unused };
  const ruled = withSeverity(subject, severity);
  const route = rules.routes.find(({ matches }) => matches(ruled, context.nowMs));
  if (!route) return { ...common, ...nobody, used: true, because: `no route of ${rules.file} matches it` };
  return { ...common, ...byRoute(route, context.nowMs), used: true };
};
