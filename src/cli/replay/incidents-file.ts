// A vendor's own history, as Statuspage's /api/v2/incidents.json gives it: incidents with their updates become the
// summaries that the status page must have shown. An incident has the impact that it had in the end, for the history
// does not say when that changed.
import * as z from 'zod';
import { endStatuses } from '../../ingest/statuspage/normalize.ts';
import { readIso, toIso } from '../../lib/time.ts';
import type { Poll } from './recording.ts';

const moment = z.string().transform((text, context) => {
  const iso = readIso(text);
  if (iso === null) context.addIssue({ code: 'custom', message: 'it is not a time' });
  return Date.parse(iso ?? '');
});

const affectedSchema = z.object({ code: z.string(), name: z.string(), new_status: z.string() });

const updateSchema = z.looseObject({
  status: z.string(),
  created_at: moment,
  affected_components: z.array(z.unknown()).nullish(),
});

const incidentSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  impact: z.string().nullish(),
  created_at: moment,
  resolved_at: moment.nullish(),
  incident_updates: z.array(updateSchema).default([]),
});
type PastIncident = z.infer<typeof incidentSchema>;

const pageSchema = z.looseObject({ id: z.string() });

export const incidentsFileSchema = z.union([
  z.object({ page: pageSchema, incidents: z.array(incidentSchema), components: z.undefined().optional() }),
  z.object({ page: pageSchema, scheduled_maintenances: z.array(incidentSchema), components: z.undefined().optional() }),
]);
export type IncidentsFile = z.infer<typeof incidentsFileSchema>;

interface Change {
  readonly atMs: number;
  readonly incident: string;
  readonly code: string;
  readonly name: string;
  readonly status: string;
}

const changesOf = ({ id, incident_updates: updates }: PastIncident): readonly Change[] =>
  updates.flatMap(({ created_at: atMs, affected_components: affected }) =>
    (affected ?? []).flatMap((each) => {
      const { data } = affectedSchema.safeParse(each);
      return data ? [{ atMs, incident: id, code: data.code, name: data.name, status: data.new_status }] : [];
    }),
  );

/** The incident as it was at a time, or null before its beginning and after its end. */
const asOf = (incident: PastIncident, atMs: number) => {
  if (incident.created_at > atMs || (incident.resolved_at ?? Number.POSITIVE_INFINITY) <= atMs) return null;
  const known = incident.incident_updates.filter((update) => update.created_at <= atMs);
  const newest = known.toSorted((a, b) => b.created_at - a.created_at)[0];
  const status =
    newest?.status ?? (known.length === incident.incident_updates.length ? incident.status : 'investigating');
  return endStatuses.has(status) ? null : { status, known, updatedMs: newest?.created_at ?? incident.created_at };
};

/** The status of each component that was ever named. It is well again when no open incident names it. */
const componentsAt = (changes: readonly Change[], open: ReadonlySet<string>, atMs: number) => {
  const found = new Map<string, { id: string; name: string; status: string; updated_at: string }>();
  for (const { code, name, status, incident, atMs: changedMs } of changes) {
    const isKnown = changedMs <= atMs;
    if (!isKnown && found.has(code)) continue;
    const now = isKnown && open.has(incident) ? status : 'operational';
    found.set(code, { id: code, name, status: now, updated_at: toIso(isKnown ? changedMs : 0) });
  }
  return found;
};

const isMaintenance = ({ impact }: PastIncident): boolean => impact === 'maintenance';

const incidentView = (
  incident: PastIncident,
  shown: NonNullable<ReturnType<typeof asOf>>,
  codes: readonly unknown[],
) => ({
  ...incident,
  status: shown.status,
  created_at: toIso(incident.created_at),
  updated_at: toIso(shown.updatedMs),
  resolved_at: null,
  components: codes,
  incident_updates: shown.known.map((update) => ({ ...update, created_at: toIso(update.created_at) })),
});

const summaryAt = (
  atMs: number,
  page: object,
  incidents: readonly PastIncident[],
  changes: readonly Change[],
): unknown => {
  const shown = incidents.flatMap((incident) => {
    const state = asOf(incident, atMs);
    return state ? [{ incident, state }] : [];
  });
  const components = componentsAt(changes, new Set(shown.map(({ incident }) => incident.id)), atMs);
  const views = shown.map(({ incident, state }) => {
    const codes = new Set(
      changes.filter((each) => each.incident === incident.id && each.atMs <= atMs).map(({ code }) => code),
    );
    return {
      incident,
      view: incidentView(
        incident,
        state,
        [...codes].map((code) => components.get(code)),
      ),
    };
  });
  return {
    page: { ...page, updated_at: toIso(atMs) },
    components: [...components.values()],
    incidents: views.filter(({ incident }) => !isMaintenance(incident)).map(({ view }) => view),
    scheduled_maintenances: views.filter(({ incident }) => isMaintenance(incident)).map(({ view }) => view),
  };
};

/** One poll for each moment at which something changed, in order. */
export const pollsOfIncidents = (file: IncidentsFile): readonly Poll[] => {
  const incidents = 'incidents' in file ? file.incidents : file.scheduled_maintenances;
  const changes = incidents.flatMap(changesOf).toSorted((a, b) => a.atMs - b.atMs);
  const times = incidents.flatMap(({ created_at: createdMs, resolved_at: resolvedMs, incident_updates: updates }) => [
    createdMs,
    ...(resolvedMs ? [resolvedMs] : []),
    ...updates.map((update) => update.created_at),
  ]);
  // The status page before all of that: what is found at the first look counts as old.
  const first = Math.min(...times) - 60_000;
  const all = times.length === 0 ? [] : [first, ...new Set(times.toSorted((a, b) => a - b))];
  return all.map((atMs) => ({ atMs, body: summaryAt(atMs, file.page, incidents, changes) }));
};
