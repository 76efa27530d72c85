// Alerts as the report sees them: when the vendor says that it began, when we saw it, when it ended.
import type { Alert, Member } from '../../src/domain/alert.ts';
import { aDelivery, aMember, anAlert } from '../support/builders.ts';

const minutesAfter = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();

interface Shape {
  readonly from: string;
  readonly to: string | null;
  /** Two minutes after `from`, if it is not given. */
  readonly seen?: string;
  readonly item?: Member['item'];
  readonly firstLook?: boolean;
  readonly id?: string;
  readonly severity?: Member['severity'];
}

/** One that a person was told of a minute after it was seen. */
export const alertOf = (shape: Shape): Alert => {
  const {
    from,
    to,
    item = 'incident',
    firstLook = false,
    id = 'acme_status:incident:1',
    severity = 'critical',
  } = shape;
  const seen = shape.seen ?? minutesAfter(from, 2);
  return anAlert({
    alert_id: id,
    severity,
    state: to === null ? 'open' : 'resolved',
    opened_at: seen,
    resolved_at: to,
    first_look: firstLook,
    members: [
      aMember({
        event_id: id,
        item,
        kind: item === 'payment' ? 'payment' : 'incident',
        severity,
        started_at: from,
        joined_at: seen,
        ended_at: to,
      }),
    ],
    deliveries: [aDelivery({ alert_id: id, status: 'delivered', delivered_at: minutesAfter(seen, 1) })],
  });
};
