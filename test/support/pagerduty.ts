// PagerDuty's Events API at the network's edge, as its documentation describes it:
// https://developer.pagerduty.com/docs/send-alert-event (202, 400 with `errors`, 429 above 120 a minute and key).
import { HttpResponse, http } from 'msw';
import { network } from './network.ts';

export const pagerDutyUrl = 'https://events.pagerduty.com/v2/enqueue';
export const routingKey = 'R0123456789abcdef0123456789ABCDE';

export interface Enqueued {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An incident as PagerDuty keeps it by its `dedup_key`: a trigger opens it, or adds to it while it is open. */
export interface PagedIncident {
  readonly key: string;
  readonly isOpen: boolean;
  /** How often it was opened, which is how often somebody was woken. */
  readonly opened: number;
  /** The severity and the summary of the newest trigger. */
  readonly severity: unknown;
  readonly summary: unknown;
}

export interface FakePagerDuty {
  /** Every request, in the order in which it came, whatever it was answered. */
  readonly requests: Enqueued[];
  readonly headers: Headers[];
  /** What it has accepted, as `action dedup_key`. */
  readonly accepted: string[];
  /** What it has made of what it accepted, the oldest first. */
  incidents(): readonly PagedIncident[];
  /** Answers the next requests with this; by default 202. */
  answer: (request: Enqueued) => Response | Promise<Response>;
}

const accept = (request?: Enqueued) =>
  HttpResponse.json(
    { status: 'success', message: 'Event processed', dedup_key: request?.dedup_key ?? 'key' },
    { status: 202 },
  );

/** Takes in one accepted request. A resolve of a key that is not known, or not open, is ignored. */
export const keepIncident = (
  incidents: Map<string, PagedIncident>,
  { event_action: action, dedup_key: key, payload }: Enqueued,
): void => {
  const known = incidents.get(key);
  if (action === 'resolve') {
    if (known) incidents.set(key, { ...known, isOpen: false });
    return;
  }
  const opened = (known?.opened ?? 0) + (known?.isOpen ? 0 : 1);
  incidents.set(key, { key, isOpen: true, opened, severity: payload.severity, summary: payload.summary });
};

export const fakePagerDuty = (url = pagerDutyUrl): FakePagerDuty => {
  const incidents = new Map<string, PagedIncident>();
  const fake: FakePagerDuty = {
    requests: [],
    headers: [],
    accepted: [],
    incidents: () => [...incidents.values()],
    answer: accept,
  };
  network.use(
    http.post(url, async ({ request }) => {
      const body: Enqueued = JSON.parse(await request.clone().text());
      fake.requests.push(body);
      fake.headers.push(request.headers);
      const response = await fake.answer(body);
      if (response.status === 202) {
        fake.accepted.push(`${body.event_action} ${body.dedup_key}`);
        keepIncident(incidents, body);
      }
      return response;
    }),
  );
  return fake;
};

export const accepted = accept;
export const refused = (status: number, headers: Record<string, string> = {}) =>
  HttpResponse.json({ status: 'error', message: `answered ${status}` }, { status, headers });
