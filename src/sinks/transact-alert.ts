// A change of one alert by somebody who has its id: an attempt at one of its deliveries, or a retry.
import type { Alert } from '../domain/alert.ts';
import type { Changes, EventStore } from '../stores/event-store.ts';

/** After every end: alerts that are over are not read. */
const endOfTime = '9999-12-31T23:59:59.999Z';

/**
 * Changes one alert, undefined when it is gone. Takes part in the order of its scope, and reads no alert but this one and
 * those that are open beside it.
 */
export const transactAlert = <T>(
  store: Pick<EventStore, 'transact'>,
  { scope, alertId }: { readonly scope: string; readonly alertId: string },
  decide: (alert: Alert | undefined) => Changes<T>,
): Promise<T> =>
  store.transact({ scopes: [scope], endedSince: endOfTime, alertId }, ({ alerts }) =>
    decide(alerts.find(({ alert_id: id }) => id === alertId)),
  );
