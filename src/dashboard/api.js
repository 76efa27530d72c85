// The requests that the dashboard makes, by addresses relative to its own. The message of every failure is for a person.
import { keepDrafts } from './drafts.js';
import { noteAnswer } from './heard.js';

/** @import { AlertDetailView, AlertView, DeliveryView, DestinationView, EventDetailView, EventView, ExplanationView, PageView, ReadinessView, ReportView, RulesView, SilenceMatchesView, SilenceView } from './types.ts' */

/** A refused request: why, and which fields of it. */
export class ApiError extends Error {
  /**
   * @param {string} message
   * @param {readonly { path: string, message: string }[]} [fields]
   */
  constructor(message, fields = []) {
    super(message);
    this.name = 'ApiError';
    this.fields = fields;
  }
}

const timeoutMs = 20_000;

let signsOutUntilMs = 0;
/**
 * Signing out leads to the form by itself: what is refused meanwhile must not lead to another address of it. For a time, as
 * the browser may stay here when that fails.
 */
export const noteSignOut = () => {
  signsOutUntilMs = performance.now() + timeoutMs;
};

const signIn = () => {
  if (performance.now() < signsOutUntilMs) return;
  keepDrafts();
  location.assign(`login?next=${encodeURIComponent(`/${location.search}`)}`);
};

/** @param {unknown} errors */
const fieldsOf = (errors) => (Array.isArray(errors) ? errors : []);

/** @param {string} text */
const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
const ask = async (path, init) => {
  const request = async () => {
    const response = await fetch(path, {
      ...init,
      headers: { accept: 'application/json', ...init?.headers },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return { response, body: parse(await response.text()) };
  };
  const { response, body } = await request().catch(() => {
    throw new ApiError('The service does not answer.');
  });
  if (response.status === 401) signIn();
  // While the service is away, a proxy answers in its place.
  const isOurs = response.ok ? body !== undefined : typeof body?.request_id === 'string' || body?.checks !== undefined;
  if (!isOurs) throw new ApiError(`The service does not answer, but something before it does (${response.status}).`);
  noteAnswer(response.headers.get('date'));
  if (!response.ok && body.checks === undefined)
    throw new ApiError(body.detail ?? `The service answered ${response.status}.`, fieldsOf(body.errors));
  return body;
};

/**
 * @param {string} path
 * @param {unknown} [body]
 */
const post = (path, body) =>
  ask(
    path,
    body === undefined
      ? { method: 'POST' }
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );

/** @param {Readonly<Record<string, string>>} query */
const search = (query) => new URLSearchParams(query);

/**
 * @param {Readonly<Record<string, string>>} query
 * @returns {Promise<{ alerts: readonly AlertView[], next_cursor: string | null }>}
 */
export const listAlerts = (query) => ask(`alerts?${search(query)}`);

/** @param {string} id @returns {Promise<AlertDetailView>} */
export const readAlert = (id) => ask(`alerts/${encodeURIComponent(id)}`);

/** @param {string} id @param {string} note may be empty */
export const resolveAlert = (id, note) =>
  post(`alerts/${encodeURIComponent(id)}/resolve`, note === '' ? undefined : { note });

/**
 * @param {Readonly<Record<string, string>>} query
 * @returns {Promise<{ events: readonly EventView[], next_cursor: string | null }>}
 */
export const listEvents = (query) => ask(`events?${search({ ...query, raw: 'none' })}`);

/** @param {string} id @returns {Promise<EventDetailView>} */
export const readEvent = (id) => ask(`events/${encodeURIComponent(id)}?raw=redacted`);

/** @param {string} id @param {string} note may be empty */
export const resolveEvent = (id, note) =>
  post(`events/${encodeURIComponent(id)}/resolve`, note === '' ? undefined : { note });

/**
 * @param {Readonly<Record<string, string>>} query
 * @returns {Promise<{ deliveries: readonly DeliveryView[], next_cursor: string | null }>}
 */
export const listDeliveries = (query) => ask(`deliveries?${search(query)}`);

/** @param {string} id @returns {Promise<{ retried: boolean }>} */
export const retryDelivery = (id) => post(`deliveries/${encodeURIComponent(id)}/retry`);

/** @param {string} [since] @returns {Promise<{ retried: number, skipped: number }>} */
export const retryAll = (since) => post('deliveries/retry', since ? { since } : undefined);

/** @returns {Promise<{ destinations: readonly DestinationView[] }>} */
export const readDestinations = () => ask('destinations');

/** @returns {Promise<{ pages: readonly PageView[], skipped: readonly string[] }>} */
export const readPages = () => ask('pages');

/** @returns {Promise<{ silences: readonly SilenceView[] }>} */
export const listSilences = () => ask('silences');

/** @param {unknown} silence @returns {Promise<SilenceView>} */
export const createSilence = (silence) => post('silences', silence);

/**
 * The open alerts that a silence of these conditions would concern.
 * @param {unknown} when
 * @returns {Promise<SilenceMatchesView>}
 */
export const matchSilence = (when) => post('silences/matches', { when });

/** @param {string} id @returns {Promise<SilenceView>} */
export const endSilence = (id) => ask(`silences/${encodeURIComponent(id)}`, { method: 'DELETE' });

/** @returns {Promise<RulesView>} */
export const readRules = () => ask('rules');

/**
 * @param {unknown} payload
 * @param {Readonly<Record<string, string>>} query
 * @returns {Promise<ExplanationView>}
 */
export const explain = (payload, query) => post(`routing/explain?${search(query)}`, payload);

/**
 * @param {string} source
 * @param {Readonly<Record<string, string>>} [query]
 * @returns {Promise<ReportView>}
 */
export const readReport = (source, query = {}) => ask(`sources/${encodeURIComponent(source)}/report?${search(query)}`);

/** Answered with 503 where it is not ready. @returns {Promise<ReadinessView>} */
export const readReadiness = () => ask('readyz');

/** Resolves when the service answers at all. */
export const readHealth = () => ask('healthz');

/**
 * Whether somebody is signed in who can sign out. A service without sessions has no such route.
 * @returns {Promise<{ required: boolean, signed_in: boolean }>}
 */
export const readSession = () => ask('session');
