// incident.io, by an HTTP alert source.
// https://docs.incident.io/api-reference/alert-events-v2/createhttp-alert-events-v2: 202, or 4xx with `errors`.
import { dedupKeyOf } from '../../domain/dedup-key.ts';
import type { Destination, SendRequest } from '../destination.ts';
import { type Message, post, previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { factFields, type Notice, noticeOf } from '../notice.ts';
import { secretsOfUrl, shownUrl } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { clean, quoteLines } from '../wording.ts';

export interface IncidentIoOptions extends Naming {
  /** The alert source's own address, with its id at the end. */
  readonly url: string;
  readonly token: string;
  readonly timeoutMs: number;
}

const usualPerMinute = 100;
const updateEveryMs = 60_000;

/** A vendor's words within ours make no links, images or HTML. */
const escapeMarkdown = (text: string): string => text.replace(/[\\[\]<]/g, '\\$&');

/** Markdown: what a vendor writes is quoted or escaped, so that it cannot be taken for ours. */
const descriptionOf = ({ news, why, description, events, moreEvents }: Notice): string =>
  [
    escapeMarkdown(news),
    ...(why === null ? [] : [escapeMarkdown(why)]),
    ...(description === null ? [] : [quoteLines(description)]),
    ...(events.length === 0
      ? []
      : [events.map(({ title, isOver }) => `- ${escapeMarkdown(title)}${isOver ? ' (over)' : ''}`).join('\n')]),
    ...(moreEvents > 0 ? [`and ${moreEvents} more`] : []),
  ].join('\n\n');

const bodyOf = (request: SendRequest): unknown => {
  const { alert, delivery, about } = request;
  const notice = noticeOf(request);
  const { title, severity, links } = notice;
  return {
    title,
    status: delivery.action === 'resolve' ? 'resolved' : 'firing',
    deduplication_key: dedupKeyOf(delivery.key ?? alert.alert_id),
    description: descriptionOf(notice),
    ...(links[0] && { source_url: links[0].href }),
    metadata: {
      source: alert.source,
      severity,
      event_id: clean(about.event.event_id, 300),
      ...factFields(notice),
      links: links.map(({ href }) => href),
    },
  };
};

export const createIncidentIo = (options: IncidentIoOptions, client: Client): Destination => {
  const { url, token, timeoutMs } = options;
  const messageOf = (request: SendRequest, address: string, key: string): Message => ({
    url: address,
    headers: { ...threadHeaders(request), authorization: `Bearer ${key}` },
    body: bodyOf(request),
  });
  return {
    type: 'incident_io',
    ...namingOf(options, usualPerMinute),
    target: targetOf('incident_io', url),
    showsWords: false,
    hasKeys: true,
    showsRaw: false,
    updateEveryMs,
    preview: (request) => previewPost(messageOf(request, shownUrl(url), '(set)')),
    send: (request) =>
      post(client, {
        ...messageOf(request, url, token),
        timeoutMs,
        accepted: [202],
        secrets: [token, ...secretsOfUrl(url)],
      }),
  };
};
