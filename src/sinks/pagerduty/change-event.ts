// A vendor's announced maintenance as a PagerDuty change event: it stands beside incidents and wakes nobody.
// https://developer.pagerduty.com/docs/send-change-event
import type { MaintenanceNotice } from '../destination.ts';
import { clean, headlineOf, linksOfEvent, vendorOf } from '../wording.ts';

const maxSummaryChars = 1024;

/** Where change events go: on the host of the other events. */
export const changeUrl = (eventsUrl: string): string => new URL('/v2/change/enqueue', eventsUrl).href;

export const toChangeEvent = ({ about, phase, at }: MaintenanceNotice, routingKey: string): unknown => {
  const { event, facts } = about;
  const words = phase === 'began' ? 'Maintenance began' : 'Maintenance ended';
  const links = linksOfEvent(about);
  return {
    routing_key: routingKey,
    payload: {
      summary: `${words}: ${headlineOf(about, maxSummaryChars - words.length - 2) || vendorOf(about)}`,
      timestamp: at,
      source: event.source,
      custom_details: {
        event_id: clean(event.event_id, 1024),
        status: facts.status === undefined ? null : clean(facts.status, 100),
        components: (facts.components ?? []).slice(0, 50).map((name) => clean(name, 200)),
        description: event.description === null ? null : clean(event.description, 16_384),
        started_at: event.started_at,
        resolved_at: event.resolved_at,
      },
    },
    ...(links.length > 0 && { links }),
  };
};
