// The rules as they take effect: conditions are functions, lengths are milliseconds, and each rule knows its place.
import { dayMs } from '../../lib/time.ts';
import type { Severity } from '../event.ts';
import type { DestinationSettings } from './destination-schema.ts';
import { formatLength } from './lengths.ts';
import type { Silence } from './silences.ts';
import type { Matcher } from './when.ts';
import type { Window } from './windows.ts';

/** One entry of `uses`. */
export interface Use {
  /** As the file has it: `Actions`, or `US-03 / REST API`. */
  readonly name: string;
  /**
   * Whether a component of the page is meant. Where its group is not known (an incident lists names alone), the name
   * decides: better one alert too many than a silent vendor.
   */
  readonly covers: (component: string, group: string | null | undefined) => boolean;
}

/** What the file says of a status page. */
export interface StatusPageRules {
  readonly name: string;
  /** The page's root or its summary, as the file has it; null: the environment's. */
  readonly url: string | null;
  /** Null: everything is used. */
  readonly uses: readonly Use[] | null;
  readonly unattributed: 'keep' | 'ignore' | 'ignore_all';
  readonly component_severity: 'own' | 'incident';
  readonly payments: boolean;
  readonly place: string;
}

export interface SeverityRow {
  /** For example `severity row 2`. */
  readonly name: string;
  readonly place: string;
  readonly matches: Matcher;
  readonly is: Severity;
}

export interface Route {
  readonly name: string;
  /** `FILE:LINE`; null: the route is the environment's. */
  readonly place: string | null;
  /** What a decision by this route gives as its reason. */
  readonly because: string;
  readonly matches: Matcher;
  readonly send: readonly string[];
  readonly holdMs: number;
  readonly atEndOfWindow: readonly string[];
  /** The windows that its `during` names. */
  readonly windows: readonly Window[];
  readonly resolveAfterMs: number | null;
}

/** A share of payments that failed, over which an alert opens. */
export interface Rate {
  readonly name: string;
  readonly place: string;
  readonly matches: Matcher;
  readonly overMs: number;
  /** From 0 to 1. */
  readonly above: number;
  readonly atLeast: number;
  readonly by: 'currency' | 'account' | null;
  readonly is: Severity;
}

export interface Rules {
  /** The file's name; null: there is none, and the environment alone gives the rules. */
  readonly file: string | null;
  readonly timezone: string;
  readonly statusPages: ReadonlyMap<string, StatusPageRules>;
  /** Null: the file names none, so the environment's are used. Holds secrets. */
  readonly destinations: ReadonlyMap<string, DestinationSettings> | null;
  readonly windows: ReadonlyMap<string, Window>;
  /** The first match wins; what matches none keeps its severity. */
  readonly severity: readonly SeverityRow[];
  readonly fold: 'outage' | 'none';
  /** The first match wins; what matches none is kept and not sent. */
  readonly routes: readonly Route[];
  /** Those of the file. */
  readonly silences: readonly Silence[];
  readonly maxSilenceMs: number;
  readonly rates: readonly Rate[];
  /** Null: the environment's. The URL is a secret. */
  readonly heartbeat: { readonly url: string; readonly everyMs: number | null } | null;
  /** The rules in plain JSON, for `GET /rules`, with each secret given as "set". */
  readonly shown: Readonly<Record<string, unknown>>;
}

export const defaultMaxSilenceMs = 7 * dayMs;

export interface EnvironmentRouting {
  readonly routeWarning: boolean;
  readonly destinations: readonly string[];
}

/** The routing table of the environment: critical always, warning only with ROUTE_WARNING, info never. */
export const environmentRoutes = ({ routeWarning, destinations }: EnvironmentRouting): readonly Route[] => {
  const route = (severity: Severity, isSent: boolean, because: string): Route => ({
    name: severity,
    place: null,
    because,
    matches: ({ event }) => event.severity === severity,
    send: isSent ? destinations : [],
    holdMs: 0,
    atEndOfWindow: [],
    windows: [],
    resolveAfterMs: null,
  });
  return [
    route('critical', true, 'critical events are always sent'),
    routeWarning
      ? route('warning', true, 'ROUTE_WARNING=true sends warning events')
      : route('warning', false, 'warning events are sent only if ROUTE_WARNING=true'),
    route('info', false, 'info events are never sent'),
  ];
};

/** The environment's routes in the form that a file's have. */
export const showRoutes = (routes: readonly Route[]): readonly Readonly<Record<string, unknown>>[] =>
  routes.map(({ name, because, send }) => ({ name: because, when: { severity: name }, send, place: null }));

/** The rules that hold without a file. */
export const environmentRules = (routing: EnvironmentRouting): Rules => {
  const routes = environmentRoutes(routing);
  const common = { timezone: 'UTC', fold: 'outage' } as const;
  return {
    ...common,
    file: null,
    statusPages: new Map(),
    destinations: null,
    windows: new Map(),
    severity: [],
    routes,
    silences: [],
    maxSilenceMs: defaultMaxSilenceMs,
    rates: [],
    heartbeat: null,
    shown: { ...common, max_silence: formatLength(defaultMaxSilenceMs), routes: showRoutes(routes) },
  };
};
