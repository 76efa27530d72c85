// PagerDuty, through its Events API v2.
import type { Destination, MaintenanceNotice, SendRequest } from '../destination.ts';
import { type Message, post, previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { secretsOfUrl, shownUrl } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { changeUrl, toChangeEvent } from './change-event.ts';
import { toEnqueueRequest } from './message.ts';

export interface PagerDutyOptions extends Naming {
  readonly routingKey: string;
  readonly eventsUrl: string;
  /** Whether a vendor's maintenance is told as a change event. */
  readonly sendsChanges?: boolean;
  readonly timeoutMs: number;
}

/** PagerDuty documents 120 requests a minute and key. */
const usualPerMinute = 100;
/** A person who was woken by an alert needs no message for each further event of it: those are gathered for so long. */
const updateEveryMs = 300_000;

export const createPagerDuty = (options: PagerDutyOptions, client: Client): Destination => {
  const { routingKey, eventsUrl, timeoutMs } = options;
  const secrets = [routingKey, ...secretsOfUrl(eventsUrl)];
  // A captive portal's 200 and a proxy's 204 do not mean that PagerDuty has it.
  const how = { timeoutMs, secrets, accepted: [202] };
  const messageOf = (request: SendRequest, key: string): Message => ({
    url: eventsUrl,
    headers: threadHeaders(request),
    body: toEnqueueRequest(request, key),
  });
  return {
    type: 'pagerduty',
    ...namingOf(options, usualPerMinute),
    target: targetOf('pagerduty', routingKey),
    showsWords: false,
    hasKeys: true,
    showsRaw: false,
    updateEveryMs,
    preview: (request) => previewPost({ ...messageOf(request, '(set)'), url: shownUrl(eventsUrl) }),
    send: (request) => post(client, { ...messageOf(request, routingKey), ...how }),
    ...(options.sendsChanges === true && {
      tellMaintenance: (notice: MaintenanceNotice) =>
        post(client, {
          url: changeUrl(eventsUrl),
          headers: threadHeaders(notice),
          body: toChangeEvent(notice, routingKey),
          ...how,
        }),
    }),
  };
};
