import type { SendRequest, Sink } from '../destination.ts';
import { type Message, post, previewPost } from '../http-post.ts';

export interface MockOptions {
  /** This service's own address, known once it listens. */
  readonly baseUrl: () => string;
  readonly apiToken: string | null;
  readonly timeoutMs: number;
}

/** Stands in for PagerDuty while no key is set: posts the unified event to this service itself, over real HTTP. */
export const createMockSink = ({ baseUrl, apiToken, timeoutMs }: MockOptions): Sink => {
  const messageOf = ({ event, requestId, traceHeaders }: SendRequest, token: string | null): Message => ({
    url: `${baseUrl()}/destinations/pagerduty`,
    headers: {
      ...traceHeaders,
      'x-request-id': requestId,
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: event,
  });
  return {
    destination: 'pagerduty',
    reachesPeople: false,
    preview: (request) => previewPost(messageOf(request, apiToken === null ? null : '(set)')),
    send: (request) =>
      post({ ...messageOf(request, apiToken), timeoutMs, secrets: apiToken === null ? [] : [apiToken] }),
  };
};
