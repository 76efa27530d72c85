// A Google incident as an incident of ours.
import { cutName } from '../../lib/text.ts';
import { hasCome } from '../../lib/time.ts';
import type { Incident, Place } from '../status-page.ts';
import { impactOf } from './impacts.ts';
import type { GoogleIncident } from './schema.ts';

/** Each product of an incident is kept once for each location, but for no more pairs than this. */
const maxPairs = 500;

/** The text is one sentence, or Markdown whose first heading is "Title". */
const titleOf = ({ external_desc: text, service_name: service, id }: GoogleIncident): string => {
  const [first = '', second = ''] = (text ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const title = /^\W*title\W*$/i.test(first) ? second : first.replace(/^\W*title\**:\**\s*/i, '');
  const plain = title.replace(/\*\*|^#+\s*/g, '').trim();
  return cutName(plain || (service === null ? id : `${service}: ${id}`));
};

/** Where it is: null where that may be anywhere, or is more than we keep. */
const locationsOf = ({ currently_affected_locations: locations, affected_products: products }: GoogleIncident) => {
  const ids = [...new Set(locations.map(({ id }) => id))];
  const isAnywhere = ids.length === 0 || ids.includes('global');
  return isAnywhere || ids.length * products.length > maxPairs ? null : ids;
};

const componentsOf = (incident: GoogleIncident): Incident['components'] => {
  const { affected_products: products, service_key: key, service_name: name } = incident;
  const groups = locationsOf(incident);
  if (products.length > 0) {
    const named = new Map(products.map(({ id, title }) => [id, title]));
    return [...named].map(([id, title]) => ({ id, name: title, groups }));
  }
  return key === null || name === null ? [] : [{ id: key, name, groups }];
};

const urlOf = (uri: string | null, { root }: Place): string | null =>
  root !== null && uri !== null && /^\/?incidents\/[\w-]+$/.test(uri) ? `${root}/${uri.replace(/^\//, '')}` : null;

export const normalizeIncident = (fields: GoogleIncident, raw: unknown, nowMs: number, place: Place): Incident => {
  const { status_impact: word, severity: level, end, most_recent_update: latest } = fields;
  const impact = word === null ? undefined : impactOf(word, level);
  const current = latest.status ?? word ?? 'unknown';
  const isOver = hasCome(end, nowMs) || latest.status === 'AVAILABLE';
  const name = titleOf(fields);
  return {
    id: fields.id,
    name,
    status: isOver ? 'resolved' : (impactOf(current, level)?.status ?? current),
    impact: impact?.impact ?? word,
    severity: impact?.severity ?? (word === null ? 'warning' : null),
    isMaintenance: false,
    isOver,
    startedAt: fields.begin,
    updatedAt: fields.modified ?? latest.when,
    resolvedAt: isOver ? ([end, latest.when].find((time) => hasCome(time, nowMs)) ?? null) : null,
    description: latest.text ?? (fields.external_desc === name ? null : fields.external_desc),
    url: urlOf(fields.uri, place),
    components: componentsOf(fields),
    raw,
  };
};
