// What must be true while the heartbeat beats: the store takes writes, every status page is read or its blindness was told,
// and nobody waits for what they should have been told.
import type { Alert } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import { type DestinationTraits, standInOf } from '../domain/destination-traits.ts';
import { isWorse } from '../domain/event.ts';
import { sourceOfPage } from '../domain/status-page-name.ts';
import { counted } from '../lib/counted.ts';
import { StoreUnavailable } from '../lib/errors.ts';
import type { EventStore } from '../stores/event-store.ts';
import { readOpenAlerts, smallBounds } from '../stores/walk-open.ts';

export interface PageReading {
  readonly name: string;
  /** When it was read last; null when it was not since the service knows it. */
  readonly lastGoodAt: string | null;
}

export interface HeartbeatChecksDeps {
  readonly store: Pick<EventStore, 'ping' | 'listAlerts' | 'listDeliveries'>;
  readonly pages: () => Promise<readonly PageReading[]>;
  readonly destinations: () => readonly Traits[];
  readonly staleAfterSeconds: number;
  readonly now: () => number;
}

/** Why the heartbeat fails, in a sentence each; empty when all is well. Never rejects because of the store. */
export type HeartbeatChecks = () => Promise<readonly string[]>;

const lateAfterMinutes = 5;

/** Whether somebody was told that this status page cannot be read, or a silence keeps it from being told. */
const isBlindnessTold = (page: string, alerts: readonly Alert[]): boolean =>
  alerts.some(
    ({ source, members, deliveries }) =>
      source === sourceOfPage(page) &&
      members.some(
        ({ event_id: id, item, ended_at: endedAt, ruling }) =>
          item === 'page' &&
          endedAt === null &&
          id.startsWith(`${sourceOfPage(page)}:page:`) &&
          (ruling.silenced_because !== null ||
            deliveries.some(({ status, event_ids: ids }) => status === 'delivered' && ids.includes(id))),
      ),
  );

const isTooLate = (
  { status, action, created_at: createdAt, retried_at: retriedAt }: Delivery,
  nowMs: number,
): boolean =>
  status === 'pending' && action !== 'update' && nowMs - Date.parse(retriedAt ?? createdAt) > lateAfterMinutes * 60_000;

type Traits = Pick<DestinationTraits, 'name' | 'target' | 'fallback'>;

/** A trigger that failed for good, and nobody else has told of the alert in its place. */
const isLost = (failed: Delivery, { deliveries, cycle }: Alert, destinations: readonly Traits[]): boolean => {
  if (failed.status !== 'failed' || failed.action !== 'trigger' || failed.cycle !== cycle) return false;
  const destination = destinations.find(({ target }) => target === failed.target);
  const standIn = destination && standInOf(destination, destinations);
  return !deliveries.some(
    (other) =>
      other.cycle === cycle &&
      other.status === 'delivered' &&
      other.action === 'trigger' &&
      (other.reason === 'fallback' ||
        (other.target === failed.target && other.ordinal > failed.ordinal) ||
        // A route of its own told the fallback as much already.
        (other.target === standIn?.target &&
          other.event_ids.includes(failed.event_id) &&
          !isWorse(failed.severity, other.severity))),
  );
};

const names = (deliveries: readonly Delivery[]): string =>
  [...new Set(deliveries.map(({ destination }) => destination))].slice(0, 5).join(', ');

export const createHeartbeatChecks = ({
  store,
  pages,
  destinations,
  staleAfterSeconds,
  now,
}: HeartbeatChecksDeps): HeartbeatChecks => {
  const startedMs = now();

  /** Resolves belong to alerts that are over. */
  const waitingResolves = async (): Promise<readonly Delivery[]> =>
    (await store.listDeliveries({ status: 'pending', action: 'resolve', limit: 1000 })).deliveries;

  const blindPages = (read: readonly PageReading[], alerts: readonly Alert[], nowMs: number): readonly string[] =>
    read
      .filter(
        ({ lastGoodAt }) => nowMs - Math.max(startedMs, Date.parse(lastGoodAt ?? '') || 0) > staleAfterSeconds * 1000,
      )
      .filter(({ name }) => !isBlindnessTold(name, alerts))
      .map(({ name }) => `the status page "${name}" cannot be read, and nobody was told`);

  const check = async (): Promise<readonly string[]> => {
    await store.ping();
    const [read, alerts, resolves] = await Promise.all([
      pages(),
      readOpenAlerts(store, smallBounds),
      waitingResolves(),
    ]);
    const [nowMs, configured] = [now(), destinations()];
    const late = [...alerts.flatMap(({ deliveries }) => deliveries), ...resolves].filter((each) =>
      isTooLate(each, nowMs),
    );
    const lost = alerts.flatMap((alert) => alert.deliveries.filter((each) => isLost(each, alert, configured)));
    const lateOnes = [...new Map(late.map((each) => [each.id, each])).values()];
    return [
      ...blindPages(read, alerts, nowMs),
      ...(lateOnes.length === 0
        ? []
        : [
            `${counted(lateOnes.length, 'notification')} waiting for more than ${lateAfterMinutes} minutes (${names(lateOnes)})`,
          ]),
      ...(lost.length === 0
        ? []
        : [`${counted(lost.length, 'notification')} of open alerts failed for good (${names(lost)})`]),
    ];
  };

  return async () => {
    try {
      return await check();
    } catch (error) {
      if (error instanceof StoreUnavailable) return [`the store takes no writes: ${error.message}`];
      throw error;
    }
  };
};
