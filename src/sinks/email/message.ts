// An alert as an e-mail, in plain text and in HTML. All mails of one alert are one thread, by their Message-IDs.
import { hash } from 'node:crypto';
import { isTold } from '../../domain/delivery.ts';
import { cut } from '../../lib/text.ts';
import type { SendRequest } from '../destination.ts';
import { formatMoment, headingOf, type Notice, noticeOf, toneOf } from '../notice.ts';
import { quoteLines } from '../wording.ts';

export interface EmailMessage {
  readonly subject: string;
  readonly messageId: string;
  /** Of the thread's first mail; absent in that one. */
  readonly references?: string;
  readonly text: string;
  readonly html: string;
}

const colours = { critical: '#b3261e', warning: '#a15c00', info: '#1f5fae', resolved: '#1b6e3c' } as const;

const hashOf = (...parts: readonly string[]): string => hash('sha256', JSON.stringify(parts)).slice(0, 32);

const domainOf = (from: string): string => /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'vendor-signals.invalid';

/** The mail that the others answer to: the alert's first one that came to this destination. It is the same in each attempt. */
const isFirst = ({ alert, delivery }: SendRequest): boolean =>
  alert.deliveries.every(
    (other) => other.target !== delivery.target || other.ordinal >= delivery.ordinal || !isTold(other),
  );

const rootId = ({ alert, delivery }: SendRequest, from: string): string =>
  `<alert.${hashOf(alert.alert_id, delivery.target)}@${domainOf(from)}>`;

const subjectOf = ({ severity, title }: Notice): string => cut(`[${severity}] ${title}`, 200);

const factRows = (notice: Notice): readonly (readonly [string, string])[] => [
  ...notice.facts.map(({ label, value }) => [label, value] as const),
  ['Since', formatMoment(notice.since)],
  ...(notice.until === null ? [] : [['Until', formatMoment(notice.until)] as const]),
];

const eventLines = ({ events, moreEvents }: Notice): readonly string[] => [
  ...events.map(({ title, isOver }) => `${title}${isOver ? ' (over)' : ''}`),
  ...(moreEvents > 0 ? [`and ${moreEvents} more`] : []),
];

const toText = (notice: Notice): string => {
  const { news, why, description, links } = notice;
  const events = eventLines(notice);
  return [
    news,
    ...(why === null ? [] : [why]),
    '',
    ...factRows(notice).map(([label, value]) => `${label}: ${value}`),
    ...(events.length === 0 ? [] : ['', ...events.map((line) => `- ${line}`)]),
    ...(description === null ? [] : ['', quoteLines(description)]),
    ...(links.length === 0 ? [] : ['', ...links.map(({ href, text }) => `${text}: ${href}`)]),
    '',
  ].join('\n');
};

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const paragraph = (text: string, style = ''): string => `<p style="margin:0 0 12px;${style}">${escapeHtml(text)}</p>`;

/** A vendor's own words, which nobody can take for ours. */
const quote = (text: string): string => {
  const lines = escapeHtml(text).replaceAll('\n', '<br>');
  return `<blockquote style="margin:0 0 12px;padding:0 0 0 12px;border-left:2px solid #ccc;color:#333">${lines}</blockquote>`;
};

const cell = (text: string, style: string): string =>
  `<td style="padding:2px 12px 2px 0;vertical-align:top;${style}">${escapeHtml(text)}</td>`;

const toHtml = (notice: Notice): string => {
  const { state, title, news, why, description, links } = notice;
  const colour = colours[toneOf(notice)];
  const events = eventLines(notice);
  const rows = factRows(notice).map(([label, value]) => `<tr>${cell(label, 'color:#555')}${cell(value, '')}</tr>`);
  const anchors = links.map(
    ({ href, text }) => `<a href="${escapeHtml(href)}" style="color:#1f5fae">${escapeHtml(text)}</a>`,
  );
  return [
    '<!doctype html><html lang="en"><body style="margin:0;padding:16px;font:15px/1.45 sans-serif;color:#1c1c1c">',
    `<div style="border-left:4px solid ${colour};padding:0 0 0 12px;max-width:640px">`,
    `<h1 style="font-size:18px;margin:0 0 12px;color:${colour}">${escapeHtml(headingOf(notice))}</h1>`,
    // Of an alert that opens, the heading says it.
    state === 'open' && news.startsWith(title) ? '' : paragraph(news),
    why === null ? '' : paragraph(why, 'color:#a15c00'),
    `<table style="border-collapse:collapse;margin:0 0 12px">${rows.join('')}</table>`,
    events.length === 0
      ? ''
      : `<ul style="margin:0 0 12px;padding-left:18px">${events.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`,
    description === null ? '' : quote(description),
    anchors.length === 0 ? '' : `<p style="margin:0">${anchors.join(' · ')}</p>`,
    '</div></body></html>',
  ].join('\n');
};

/** @param threadSubject the subject of the thread's first mail, which programs go by as well */
export const toEmail = (request: SendRequest, from: string, threadSubject: string | undefined): EmailMessage => {
  const notice = noticeOf(request);
  const root = rootId(request, from);
  const first = isFirst(request);
  const subject = threadSubject ?? subjectOf(notice);
  return {
    subject: first ? subject : `Re: ${subject}`,
    messageId: first ? root : `<${request.delivery.id}@${domainOf(from)}>`,
    ...(!first && { references: root }),
    text: toText(notice),
    html: toHtml(notice),
  };
};

/** The subject under which the thread began. */
export const threadSubjectOf = ({ subject }: EmailMessage): string => subject.replace(/^Re: /, '');
