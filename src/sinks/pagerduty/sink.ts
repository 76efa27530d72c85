import type { SendRequest, Sink } from '../destination.ts';
import { type Message, post, previewPost } from '../http-post.ts';
import { toEnqueueRequest } from './map.ts';

export interface PagerDutyOptions {
  readonly routingKey: string;
  readonly eventsUrl: string;
  readonly timeoutMs: number;
}

/** The real PagerDuty, through its Events API v2. */
export const createPagerDutySink = ({ routingKey, eventsUrl, timeoutMs }: PagerDutyOptions): Sink => {
  const messageOf = (request: SendRequest, key: string): Message => ({
    url: eventsUrl,
    headers: { ...request.traceHeaders, 'x-request-id': request.requestId },
    body: toEnqueueRequest(request, key),
  });
  return {
    destination: 'pagerduty',
    reachesPeople: true,
    preview: (request) => previewPost(messageOf(request, '(set)')),
    send: (request) => post({ ...messageOf(request, routingKey), timeoutMs, secrets: [routingKey] }),
  };
};
