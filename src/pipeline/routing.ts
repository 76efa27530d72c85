// The routing decision: where an event goes, and why. It is pure and looks only at what is true now (the event, and
// what was owed and sent before), so deciding twice, or after a crash, owes nothing twice.
import { type Delivery, owe, settle, supersede } from '../domain/delivery.ts';
import type { EventRecord } from '../stores/event-store.ts';

export interface RoutingRules {
  readonly routeWarning: boolean;
  readonly routeTestMode: boolean;
  readonly destinations: readonly {
    readonly name: string;
    /** Whether a person is at its other end, whom a test-mode event must not wake. */
    readonly reachesPeople: boolean;
  }[];
}

export interface RoutingDecision {
  readonly reason: string;
  /** All deliveries of the event, those newly owed included. */
  readonly deliveries: readonly Delivery[];
  /** A `trigger` is newly owed. */
  readonly triggered: boolean;
}

interface Ruling {
  readonly send: boolean;
  readonly because: string;
}

/** What the rules say of an event's severity and mode, whatever happened before. */
export const rule = (record: EventRecord, rules: RoutingRules, reachesPeople: boolean): Ruling => {
  const { severity } = record.event;
  if (severity === 'info') return { send: false, because: 'info events are never sent' };
  if (severity === 'warning' && !rules.routeWarning)
    return { send: false, because: 'warning events are sent only if ROUTE_WARNING=true' };
  if (record.test_mode && reachesPeople && !rules.routeTestMode)
    return { send: false, because: 'test-mode events reach a real PagerDuty only if ROUTE_TEST_MODE=true' };
  const because =
    severity === 'critical' ? 'critical events are always sent' : 'ROUTE_WARNING=true sends warning events';
  return { send: true, because };
};

interface Page {
  readonly cycle: number;
  readonly trigger: Delivery | undefined;
  readonly resolve: Delivery | undefined;
}

/** The newest page of an event at one destination. */
const newestPage = (deliveries: readonly Delivery[], destination: string): Page => {
  const own = deliveries.filter((delivery) => delivery.destination === destination);
  const cycle = own.reduce((newest, delivery) => Math.max(newest, delivery.cycle), 0);
  const inCycle = (action: Delivery['action']) =>
    own.find((delivery) => delivery.cycle === cycle && delivery.action === action);
  return { cycle, trigger: inCycle('trigger'), resolve: inCycle('resolve') };
};

/** Decides for one event in its present state. */
export const decideRouting = (
  record: EventRecord,
  rules: RoutingRules,
  requestId: string,
  nowMs: number,
): RoutingDecision => {
  let deliveries = record.deliveries;
  let triggered = false;
  const reasons: string[] = [];
  for (const { name, reachesPeople } of rules.destinations) {
    const ruling = rule(record, rules, reachesPeople);
    const page = newestPage(deliveries, name);
    const owed = (action: Delivery['action'], cycle: number) =>
      owe(
        {
          event_id: record.event.event_id,
          destination: name,
          action,
          cycle,
          // A page is closed where it was opened, whatever is configured by now.
          reaches_people: action === 'resolve' ? (page.trigger?.reaches_people ?? reachesPeople) : reachesPeople,
          request_id: requestId,
        },
        nowMs,
      );

    if (record.event.resolved_at === null) {
      if (!ruling.send && isUnsent(page.trigger)) {
        deliveries = deliveries.map((delivery) => (delivery === page.trigger ? supersede(delivery) : delivery));
        reasons.push(`Not sent: ${ruling.because}, and its page had not been accepted before.`);
        continue;
      }
      const step = decideOpen(ruling, page);
      reasons.push(step.reason);
      if (!step.trigger) continue;
      triggered = true;
      const mayHaveArrived = page.resolve === undefined && page.trigger?.may_have_arrived === true;
      deliveries = [...deliveries, { ...owed('trigger', page.cycle + 1), may_have_arrived: mayHaveArrived }];
    } else {
      if (owesResolve(page)) deliveries = settle([...deliveries, owed('resolve', page.cycle)]);
      reasons.push(reasonResolved(ruling, newestPage(deliveries, name)));
    }
  }
  return { reason: [...new Set(reasons)].join(' '), deliveries, triggered };
};

/** Waiting for its first success, and certain to be unknown at the other end. */
const isUnsent = (trigger: Delivery | undefined): boolean =>
  trigger?.status === 'pending' && trigger.leased_until === null && !trigger.may_have_arrived;

const decideOpen = ({ send, because }: Ruling, page: Page): { trigger: boolean; reason: string } => {
  const isPaged =
    page.trigger !== undefined &&
    page.resolve === undefined &&
    page.trigger.status !== 'failed' &&
    page.trigger.status !== 'superseded';
  if (isPaged) {
    const reason = send
      ? `Sent once, because ${because}; later changes send no second page.`
      : `Sent before; ${because}, but a page that was sent stays open until the event ends.`;
    return { trigger: false, reason };
  }
  if (!send) return { trigger: false, reason: `Not sent: ${because}.` };
  return { trigger: true, reason: `${sentAgain(page) ?? `Sent, because ${because}`}.` };
};

/** How a page that is not the first is explained. */
const sentAgain = ({ trigger, resolve }: Page): string | undefined => {
  if (trigger?.status === 'failed' && !resolve) return 'Sent again, because the page before was not accepted';
  if (trigger?.status === 'delivered') return 'Sent again, because the event is open again';
  return undefined;
};

/** A page that was accepted, is on its way, or may have arrived must be closed, whatever the rules say by now. */
const owesResolve = ({ trigger, resolve }: Page): boolean =>
  trigger !== undefined &&
  resolve === undefined &&
  ((trigger.status !== 'failed' && trigger.status !== 'superseded') || trigger.may_have_arrived);

const reasonResolved = ({ send, because }: Ruling, { trigger, resolve }: Page): string => {
  if (resolve && resolve.status !== 'superseded') return 'Sent, and its end is sent too.';
  if (resolve) return 'Not sent: it ended before its page was accepted.';
  if (trigger) return 'Not sent: its page was never accepted, so there is none to close.';
  return send ? 'Not sent: it was already over when it was first seen.' : `Not sent: ${because}.`;
};
