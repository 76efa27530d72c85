import { post } from '../post.ts';
import type { Sink } from '../sink.ts';
import { toEnqueueRequest } from './map.ts';

export interface PagerDutyOptions {
  readonly routingKey: string;
  readonly eventsUrl: string;
  readonly timeoutMs: number;
}

/** The real PagerDuty, through its Events API v2. */
export const createPagerDutySink = ({ routingKey, eventsUrl, timeoutMs }: PagerDutyOptions): Sink => ({
  destination: 'pagerduty',
  reachesPeople: true,
  send: (request) =>
    post({
      url: eventsUrl,
      headers: { ...request.traceHeaders, 'x-request-id': request.requestId },
      body: toEnqueueRequest(request, routingKey),
      timeoutMs,
      secrets: [routingKey],
    }),
});
