// An alert as Slack shows it: one message with blocks, which is edited in place, and its news in the message's thread.
// https://docs.slack.dev/reference/block-kit/blocks, with its limits: header 150, section 3000, field 2000 characters.
import { cut } from '../../lib/text.ts';
import type { SendRequest } from '../destination.ts';
import { formatMoment, headingOf, type Notice, noticeOf, toneOf } from '../notice.ts';

export interface SlackMessage {
  /** For notifications, and for clients that show no blocks. */
  readonly text: string;
  readonly blocks: readonly unknown[];
}

const marks = { critical: '🔴', warning: '🟠', info: '🔵', resolved: '✅' } as const;

/** The three characters that have a meaning in Slack's text; without them nobody can be mentioned. */
const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Cuts before escaping, so that no `&amp;` is cut in two. */
const safe = (text: string, maxChars: number): string => {
  for (let most = maxChars; ; most = Math.floor(most / 2)) {
    const escaped = escapeSlack(cut(text, most));
    if (escaped.length <= maxChars) return escaped;
  }
};

const mark = (notice: Notice): string => marks[toneOf(notice)];

/** In the reader's own time zone, where the client can. */
const moment = (iso: string): string =>
  `<!date^${Math.floor(Date.parse(iso) / 1000)}^{date_short_pretty} {time}|${formatMoment(iso)}>`;

/** As it is written: by default Slack makes mentions and links from plain words. */
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });

/** An address inside `<…|…>`: what would end it is encoded. */
const link = ({ href, text }: Notice['links'][number]): string =>
  `<${escapeSlack(href).replaceAll('|', '%7C')}|${safe(text, 200)}>`;

/** A block's text has 3000 characters at most; there are two links. */
const maxLinkChars = 1400;

const fields = (notice: Notice): readonly string[] => [
  ...notice.facts.map(({ label, value }) => `*${label}*\n${safe(value, 1000)}`),
  `*Since*\n${moment(notice.since)}`,
  ...(notice.until === null ? [] : [`*Until*\n${moment(notice.until)}`]),
];

const eventLines = ({ events, moreEvents }: Notice): string =>
  [
    ...events.map(({ title, isOver }) => `${isOver ? '✅' : '•'} ${safe(title, 230)}`),
    ...(moreEvents > 0 ? [`and ${moreEvents} more`] : []),
  ].join('\n');

/** The message that stands for the alert as it is now. */
export const toMessage = (request: SendRequest): SlackMessage => {
  const notice = noticeOf(request);
  const { why, description, events } = notice;
  const links = notice.links.map(link).filter((text) => text.length <= maxLinkChars);
  const heading = headingOf(notice);
  const line = notice.state === 'resolved' ? heading : `${heading} (${notice.severity})`;
  const lines = eventLines(notice);
  return {
    text: `${mark(notice)} ${safe(line, 2000)}`,
    blocks: [
      {
        type: 'header',
        text: {
          type: 'plain_text',
          text: cut(`${mark(notice)} ${heading}`, 150),
          emoji: true,
        },
      },
      ...(why === null ? [] : [section(safe(why, 500))]),
      // Ten fields at most.
      {
        type: 'section',
        fields: fields(notice).slice(0, 10).map(mrkdwn),
      },
      ...(events.length > 0 ? [section(lines)] : []),
      ...(description === null ? [] : [section(safe(description, 2900))]),
      ...(links.length > 0 ? [{ type: 'context', elements: [mrkdwn(links.join('  ·  '))] }] : []),
    ],
  };
};

/** The news, for the thread: what joined, what changed, that it is over. */
export const toReply = (request: SendRequest): string => {
  const notice = noticeOf(request);
  const words = request.delivery.reason === 'words' ? notice.description : null;
  return `${mark(notice)} ${safe(notice.news, 1500)}${words === null ? '' : `\n${safe(words, 2000)}`}`;
};
