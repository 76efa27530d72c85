// Stands in for PagerDuty while no key is set: posts the unified event to this service itself, over real HTTP.
import type { Destination, SendRequest } from '../destination.ts';
import { type Message, post, previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { targetOf } from '../target.ts';

export interface MockOptions extends Naming {
  /** This service's own address, known once it listens. */
  readonly baseUrl: () => string;
  readonly apiToken: string | null;
  readonly timeoutMs: number;
}

export const createMock = (options: MockOptions, client: Client): Destination => {
  const { name, baseUrl, apiToken, timeoutMs } = options;
  const messageOf = (request: SendRequest, token: string | null): Message => ({
    url: `${baseUrl()}/destinations/pagerduty`,
    headers: { ...threadHeaders(request), ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: request.about.event,
  });
  return {
    type: 'mock',
    ...namingOf(options, null),
    target: targetOf('mock', name),
    showsWords: false,
    hasKeys: true,
    showsRaw: true,
    updateEveryMs: null,
    preview: (request) => previewPost(messageOf(request, apiToken === null ? null : '(set)')),
    send: (request) =>
      post(client, {
        ...messageOf(request, apiToken),
        timeoutMs,
        accepted: [202],
        secrets: apiToken === null ? [] : [apiToken],
      }),
  };
};
