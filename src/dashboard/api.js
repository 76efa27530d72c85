// What the page asks the service, by addresses relative to its own: it may lie under a path of a proxy. The message of every failure is for a person.

/** @import { EventDetailView, EventView, PageView } from './types.ts' */

const signIn = () => {
  location.assign(`login?next=${encodeURIComponent(`/${location.search}`)}`);
};

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
const ask = async (path, init) => {
  const response = await fetch(path, init).catch(() => {
    throw new Error('The service does not answer.');
  });
  if (response.status === 401) signIn();
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail ?? `The service answered ${response.status}.`);
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

/**
 * @param {Readonly<Record<string, string>>} query
 * @returns {Promise<{ events: readonly EventView[], next_cursor: string | null }>}
 */
export const listEvents = (query) => ask(`events?${new URLSearchParams({ ...query, raw: 'none' })}`);

/**
 * @param {string} eventId
 * @returns {Promise<EventDetailView>}
 */
export const readEvent = (eventId) => ask(`events/${encodeURIComponent(eventId)}?raw=redacted`);

/** @returns {Promise<{ pages: readonly PageView[], skipped: readonly string[] }>} */
export const readPages = () => ask('pages');

/** @param {string} deliveryId */
export const retryDelivery = (deliveryId) => post(`deliveries/${encodeURIComponent(deliveryId)}/retry`);

/**
 * @param {string} eventId
 * @param {string} note may be empty
 */
export const resolveEvent = (eventId, note) =>
  post(`events/${encodeURIComponent(eventId)}/resolve`, note === '' ? undefined : { note });

/**
 * Whether somebody is signed in who can sign out. A service without sessions has no such route.
 * @returns {Promise<{ required: boolean, signed_in: boolean }>}
 */
export const readSession = async () => {
  const response = await fetch('session');
  return response.ok ? response.json() : { required: false, signed_in: false };
};
