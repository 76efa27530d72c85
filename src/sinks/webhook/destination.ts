// A webhook of your own, signed by Standard Webhooks.
import { toIso } from '../../lib/time.ts';
import type { Destination, SendRequest } from '../destination.ts';
import { post, previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { secretsOfUrl, withoutPath } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { toBody, webhookVersion } from './body.ts';
import { signatures } from './sign.ts';

export interface WebhookOptions extends Naming {
  readonly url: string;
  /** Each of them signs. */
  readonly secrets: readonly string[];
  readonly timeoutMs: number;
}

/** Any status by which a receiver can say that it has it. */
const accepted = [200, 201, 202, 203, 204, 205, 206];

export const createWebhook = (options: WebhookOptions, client: Client): Destination => {
  const { url, secrets, timeoutMs } = options;
  const headersOf = (request: SendRequest, nowMs: number) => ({
    ...threadHeaders(request),
    // The delivery's: the same in each attempt, so that a receiver knows what it has had.
    'webhook-id': request.delivery.id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-version': String(webhookVersion),
  });
  return {
    type: 'webhook',
    ...namingOf(options, null),
    target: targetOf('webhook', url),
    showsWords: true,
    hasKeys: false,
    showsRaw: true,
    updateEveryMs: 0,
    preview: (request) => {
      const nowMs = Date.now();
      const headers = { ...headersOf(request, nowMs), 'webhook-signature': 'v1,(set)' };
      return previewPost({ url: withoutPath(url), headers, body: toBody(request, toIso(nowMs)) });
    },
    send: (request) => {
      const nowMs = Date.now();
      const body = toBody(request, toIso(nowMs));
      const signature = signatures(secrets, request.delivery.id, Math.floor(nowMs / 1000), JSON.stringify(body));
      return post(client, {
        url,
        headers: { ...headersOf(request, nowMs), 'webhook-signature': signature },
        body,
        timeoutMs,
        accepted,
        secrets: [...secrets, ...secretsOfUrl(url)],
      });
    },
  };
};
