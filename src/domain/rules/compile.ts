// Makes of a file that was checked the rules as they take effect.
import { hash } from 'node:crypto';
import type { DestinationSettings } from './destination-schema.ts';
import type { Preset } from './given-twice.ts';
import { formatLength, parseLength } from './lengths.ts';
import { checked } from './parsed.ts';
import type { Path } from './problem.ts';
import {
  defaultMaxSilenceMs,
  type EnvironmentRouting,
  environmentRoutes,
  type Rate,
  type Route,
  type Rules,
  type StatusPageRules,
  showRoutes,
} from './rules.ts';
import type { RateSettings, RouteSettings, RulesFile } from './schema.ts';
import type { SilenceSettings } from './silence-schema.ts';
import { compileSilence, readSpan, type Silence } from './silences.ts';
import type { StatusPageSettings } from './status-page-schema.ts';
import { compileUse } from './uses.ts';
import { compileWhen, textsOf } from './when.ts';
import { createWindow, type Window } from './windows.ts';

export interface CompileOptions {
  readonly fileName: string;
  /** `FILE:LINE` of a value. */
  readonly placeOf: (path: Path) => string;
  readonly presets: ReadonlyMap<string, Preset>;
  /** The routing that holds where the file has no routes. */
  readonly environment: EnvironmentRouting;
  /** The file as it may be seen. */
  readonly shown: Readonly<Record<string, unknown>>;
}

type Windows = ReadonlyMap<string, Window>;

const lengthOr = <T>(text: string | undefined, otherwise: T): number | T =>
  text === undefined ? otherwise : checked('a length', parseLength(text));

const compilePage = (name: string, settings: StatusPageSettings, options: CompileOptions): StatusPageRules => {
  const page = typeof settings === 'string' ? { url: settings } : settings;
  const preset = page.url === 'preset' ? options.presets.get(name) : undefined;
  return {
    name,
    url: preset?.url ?? page.url ?? null,
    uses: page.uses?.map(compileUse) ?? null,
    unattributed: page.unattributed ?? 'keep',
    component_severity: page.component_severity ?? 'own',
    payments: page.payments ?? preset?.payments ?? false,
    place: options.placeOf(['status_pages', name]),
  };
};

const compileRoute = (route: RouteSettings, place: string, windows: Windows): Route => {
  const named = textsOf(route.when?.during ?? []);
  return {
    name: route.name,
    place,
    because: `route '${route.name}' (${place})${route.send.length === 0 ? ', which sends to nobody' : ''}`,
    matches: compileWhen(route.when ?? {}, windows),
    send: [...new Set(route.send)],
    holdMs: lengthOr(route.hold, 0),
    atEndOfWindow: [...new Set(route.at_end_of_window)],
    windows: named.flatMap((name) => windows.get(name) ?? []),
    resolveAfterMs: lengthOr(route.resolve_after, null),
  };
};

const compileFileSilence = (
  { when, by, because, ...written }: SilenceSettings,
  rules: Pick<Rules, 'timezone' | 'maxSilenceMs' | 'windows'>,
): Silence => {
  const span = checked('a silence', readSpan(written, rules));
  const id = hash('sha256', JSON.stringify([when, span])).slice(0, 16);
  return compileSilence(
    {
      id: `file-${id}`,
      origin: 'file',
      when,
      ...span,
      by: by ?? null,
      because,
      alertIds: [],
      expired_at: null,
    },
    rules,
  );
};

const shareOf = (above: string | number): number =>
  typeof above === 'number' ? above : Number.parseFloat(above) / 100;

const compileRate = (rate: RateSettings, place: string, windows: Windows): Rate => ({
  name: rate.name,
  place,
  matches: compileWhen(rate.when ?? {}, windows),
  overMs: lengthOr(rate.over, 0),
  above: shareOf(rate.above),
  atLeast: rate.at_least,
  by: rate.by ?? null,
  is: rate.is,
});

/** Without routes everything of the environment's table is sent to each destination that is not only another's fallback. */
const mainDestinations = (destinations: Readonly<Record<string, DestinationSettings>>): readonly string[] => {
  const fallbacks = new Set(Object.values(destinations).map(({ fallback }) => fallback?.to));
  return Object.keys(destinations).filter((name) => !fallbacks.has(name));
};

export const compileRules = (file: RulesFile, options: CompileOptions): Rules => {
  const { placeOf, environment } = options;
  const timezone = file.timezone ?? 'UTC';
  const windows = new Map(
    Object.entries(file.windows ?? {}).map(([name, settings]) => [name, createWindow(settings, timezone)]),
  );
  const maxSilenceMs = lengthOr(file.max_silence, defaultMaxSilenceMs);
  const destinations = file.destinations ? mainDestinations(file.destinations) : environment.destinations;
  const routes =
    file.routes?.map((route, at) => compileRoute(route, placeOf(['routes', at]), windows)) ??
    environmentRoutes({ ...environment, destinations });
  const fold = file.fold ?? 'outage';
  return {
    file: options.fileName,
    timezone,
    statusPages: new Map(
      Object.entries(file.status_pages ?? {}).map(([name, page]) => [name, compilePage(name, page, options)]),
    ),
    destinations: file.destinations ? new Map(Object.entries(file.destinations)) : null,
    windows,
    severity: (file.severity ?? []).map(({ when, is }, at) => ({
      name: `severity row ${at + 1}`,
      place: placeOf(['severity', at]),
      matches: compileWhen(when ?? {}, windows),
      is,
    })),
    fold,
    routes,
    silences: (file.silences ?? []).map((silence) => compileFileSilence(silence, { timezone, maxSilenceMs, windows })),
    maxSilenceMs,
    rates: (file.rates ?? []).map((rate, at) => compileRate(rate, placeOf(['rates', at]), windows)),
    heartbeat: (file.heartbeat && { url: file.heartbeat.url, everyMs: lengthOr(file.heartbeat.every, null) }) || null,
    shown: { timezone, fold, max_silence: formatLength(maxSilenceMs), routes: showRoutes(routes), ...options.shown },
  };
};
