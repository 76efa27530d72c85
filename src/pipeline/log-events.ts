// One log line for each thing that happens on the bus. It only listens; the work is elsewhere.
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from './bus.ts';

export const narrate = (bus: Bus, log: Log): void => {
  bus.on('event.stored', ({ requestId, eventId, change, severity }) => {
    const name = change === 'revised' ? 'updated' : change;
    log.info({ request_id: requestId, event_id: eventId, severity }, `event.${name}`);
  });
  bus.on('delivery.queued', ({ requestId, eventId, deliveryIds, reason }) => {
    if (reason === undefined) return;
    log.info({ request_id: requestId, event_id: eventId, delivery_ids: deliveryIds, reason }, 'routing.decided');
  });
  bus.on('stage.stopped', ({ requestId, eventId, reason, detail }) => {
    const line = { request_id: requestId, event_id: eventId };
    if (reason === 'duplicate') log.info(line, 'event.deduplicated');
    else if (reason === 'older') log.info(line, 'event.older_copy');
    else if (detail !== undefined) log.info({ ...line, delivery_ids: [], reason: detail }, 'routing.decided');
  });
  bus.on('stage.failed', ({ requestId, stage, error }) =>
    log.error({ request_id: requestId, stage, error: errorText(error) }, 'stage.failed'),
  );
  bus.on('listener.failed', ({ requestId, topic, error }) =>
    log.error({ request_id: requestId, topic, error: errorText(error) }, 'listener.failed'),
  );
};
