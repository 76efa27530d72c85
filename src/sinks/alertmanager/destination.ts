// Prometheus Alertmanager, which forgets what is not sent again: repeat-open.ts does that for each open alert.
import type { Destination, SendRequest } from '../destination.ts';
import { type Message, post, previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { secretsOfUrl, shownUrl } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { toPostableAlert } from './message.ts';

export interface AlertmanagerOptions extends Naming {
  /** Where its API begins: without `/api/v2/alerts`. */
  readonly url: string;
  readonly repeatMs: number;
  readonly timeoutMs: number;
}

const path = '/api/v2/alerts';
/** Prometheus itself waits for four missed intervals. */
const missedRepeats = 4;
const leastHoldMs = 240_000;

export const createAlertmanager = (options: AlertmanagerOptions, client: Client): Destination => {
  const { url, repeatMs, timeoutMs } = options;
  const base = url.replace(/\/+$/, '').replace(new RegExp(`${path}$`), '');
  const holdMs = Math.max(leastHoldMs, missedRepeats * repeatMs);
  const messageOf = (request: SendRequest, address: string): Message => ({
    url: `${address}${path}`,
    headers: threadHeaders(request),
    body: [toPostableAlert(request, Date.now(), holdMs)],
  });
  return {
    type: 'alertmanager',
    ...namingOf(options, null),
    target: targetOf('alertmanager', base),
    showsWords: false,
    hasKeys: true,
    showsRaw: false,
    updateEveryMs: 0,
    repeatEveryMs: repeatMs,
    preview: (request) => previewPost(messageOf(request, shownUrl(base).replace(/\/$/, ''))),
    send: (request) =>
      post(client, { ...messageOf(request, base), timeoutMs, accepted: [200], secrets: secretsOfUrl(base) }),
  };
};
