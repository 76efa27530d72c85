// One log line for each thing that happens on the bus. It only listens; the work is elsewhere.
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from './bus.ts';

const eventNames = {
  stored: 'event.stored',
  updated: 'event.updated',
  revised: 'event.updated',
  resolved: 'event.resolved',
  reopened: 'event.reopened',
  duplicate: 'event.deduplicated',
  older: 'event.older_copy',
} as const;

const alertNames = {
  opened: 'alert.opened',
  reopened: 'alert.reopened',
  updated: 'alert.updated',
  resolved: 'alert.resolved',
} as const;

export const logEvents = (bus: Pick<Bus, 'on'>, log: Log): void => {
  // A store that is away fails everything that needs it. Any other error is a fact of its own.
  const storing = createFaultLog(log, { failed: 'event.not_stored', over: 'event.stored_again', level: 'error' });
  const running = createFaultLog(log, { failed: 'stage.failed', over: 'stage.runs_again', level: 'error' });

  bus.on('event.stored', ({ requestId, eventId, change, severity, alertId }) =>
    log.info({ request_id: requestId, event_id: eventId, alert_id: alertId, severity }, eventNames[change]),
  );
  bus.on('event.unchanged', ({ requestId, eventId, reason }) => {
    if (reason !== 'ignored') log.info({ request_id: requestId, event_id: eventId }, eventNames[reason]);
  });
  bus.on('routing.decided', ({ requestId, eventId, alertId, deliveryIds, reason }) =>
    log.info(
      { request_id: requestId, event_id: eventId, alert_id: alertId, delivery_ids: deliveryIds, reason },
      'routing.decided',
    ),
  );
  bus.on('alert.changed', ({ requestId, alertId, change, severity }) =>
    log.info({ request_id: requestId, alert_id: alertId, severity }, alertNames[change]),
  );
  bus.on('signal.processed', ({ requestId, outcomes }) => {
    for (const outcome of outcomes) {
      if (outcome.kind !== 'failed') {
        storing.worked();
        continue;
      }
      const { eventId, error } = outcome;
      const line = { request_id: requestId, event_id: eventId };
      if (error instanceof StoreUnavailable) storing.failed(error, line);
      else log.error({ ...line, error: errorText(error) }, 'event.not_stored');
    }
  });
  bus.on('stage.failed', ({ requestId, stage, error }) => {
    const line = { request_id: requestId, stage };
    if (error instanceof StoreUnavailable) running.failed(error, line);
    else log.error({ ...line, error: errorText(error) }, 'stage.failed');
  });
  bus.on('alert.looked_at', running.worked);
  bus.on('listener.failed', ({ requestId, topic, error }) =>
    log.error({ request_id: requestId, topic, error: errorText(error) }, 'listener.failed'),
  );
};
