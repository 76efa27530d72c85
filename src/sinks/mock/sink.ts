import { post } from '../post.ts';
import type { Sink } from '../sink.ts';

export interface MockOptions {
  /** This service's own address, known once it listens. */
  readonly baseUrl: () => string;
  readonly apiToken: string | null;
  readonly timeoutMs: number;
}

/** Stands in for PagerDuty while no key is set: posts the unified event to this service itself, over real HTTP. */
export const createMockSink = ({ baseUrl, apiToken, timeoutMs }: MockOptions): Sink => ({
  destination: 'pagerduty',
  reachesPeople: false,
  send: ({ event, requestId, traceHeaders }) =>
    post({
      url: `${baseUrl()}/destinations/pagerduty`,
      headers: {
        ...traceHeaders,
        'x-request-id': requestId,
        ...(apiToken !== null && { authorization: `Bearer ${apiToken}` }),
      },
      body: event,
      timeoutMs,
      secrets: apiToken === null ? [] : [apiToken],
    }),
});
