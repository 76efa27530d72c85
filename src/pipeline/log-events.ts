// One log line for each thing that happens on the bus. It only listens; the work is elsewhere.
import { errorText } from '../lib/errors.ts';
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
    for (const outcome of outcomes)
      if (outcome.kind === 'failed')
        log.error(
          { request_id: requestId, event_id: outcome.eventId, error: errorText(outcome.error) },
          'event.not_stored',
        );
  });
  bus.on('stage.failed', ({ requestId, stage, error }) =>
    log.error({ request_id: requestId, stage, error: errorText(error) }, 'stage.failed'),
  );
  bus.on('listener.failed', ({ requestId, topic, error }) =>
    log.error({ request_id: requestId, topic, error: errorText(error) }, 'listener.failed'),
  );
};
