// What people read at every destination: the vendor, the part of it, the amount, the reason, whose account, and
// where to look. Each kind puts these into its own form.
import type { Alert } from '../domain/alert.ts';
import { formatAmount } from '../domain/rules/amounts.ts';
import { spokenName } from '../domain/status-page-name.ts';
import { typeMeanings } from '../domain/type-meanings.ts';
import { counted } from '../lib/counted.ts';
import { cut } from '../lib/text.ts';
import type { SendRequest, TellableEvent } from './destination.ts';

/** Text that every JSON parser takes: no NUL, no half of a surrogate pair. */
export const clean = (text: string, maxChars: number): string =>
  cut(
    cut(text, maxChars * 2)
      .replaceAll('\0', '')
      .toWellFormed(),
    maxChars,
  );

/** On one line, with single spaces. */
export const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A vendor's words on one line, so that they cannot look like several of ours. */
export const cleanLine = (text: string, maxChars: number): string => collapse(clean(text, maxChars));

/** A vendor's words on many lines, each marked as a quotation. */
export const quoteLines = (text: string): string => text.replace(/^/gm, '> ');

/** As the vendor calls itself, or as we call its status page. */
export const vendorOf = ({ event, facts }: TellableEvent): string =>
  cleanLine(facts.page_name ?? '', 80) || cleanLine(spokenName(event.source), 80);

const isText = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

/**
 * The first of them, and how many there are besides.
 * @param isPart whether there may be more than `items` has
 */
export const listed = (items: readonly string[], most: number, isPart = false): string => {
  const shown = items.slice(0, most).map((item) => cleanLine(item, 60));
  if (items.length <= most) return shown.join(', ');
  return `${shown.join(', ')} and ${isPart ? 'at least ' : ''}${items.length - most} more`;
};

export const amountOf = ({ facts: { amount, currency } }: TellableEvent): string | undefined =>
  amount === undefined || currency === undefined
    ? undefined
    : formatAmount({ minor: amount, currency: clean(currency, 10).toUpperCase() });

/** Why it failed, in the vendor's code and words. */
export const reasonOf = ({ event, facts }: TellableEvent): string | undefined => {
  const code = facts.failure_code ?? facts.decline_code ?? facts.reason;
  const words = event.kind === 'payment' ? event.description : null;
  const both = [code, words ?? undefined].filter(isText);
  return both.length === 0 ? undefined : cleanLine(both.join(': '), 160);
};

/** What a vendor's incident affects, as far as it says. */
export const affectedBy = ({ facts: { components = [] } }: TellableEvent): string | undefined =>
  components.length === 0 ? undefined : listed(components, 3);

/** What its type means, where that does not say it and the rules have not made an alert of something harmless. */
export const meaningOf = ({ facts }: TellableEvent): string | undefined =>
  facts.built_in_severity === 'info' ? undefined : typeMeanings[facts.type ?? ''];

/** What the event's own summary leaves out and a person on call needs, each a few words. */
const detailsOf = (about: TellableEvent): readonly string[] => {
  const { event, facts, testMode } = about;
  const group = facts.group === undefined ? undefined : cleanLine(facts.group, 60);
  const affected = affectedBy(about);
  const summary = collapse(event.summary).toLowerCase();
  return [
    vendorOf(about),
    meaningOf(about)?.toLowerCase(),
    group,
    affected && `affects ${affected}`,
    amountOf(about),
    reasonOf(about),
    facts.account && `account ${cleanLine(facts.account, 60)}`,
    testMode ? 'test mode' : undefined,
  ]
    .filter(isText)
    .filter((detail) => !summary.includes(detail.toLowerCase()));
};

/** The event's own summary and what it leaves out, on one line. */
export const headlineOf = (about: TellableEvent, maxChars: number): string => {
  const details = detailsOf(about).join(', ');
  const tail = details === '' ? '' : ` (${cut(details, Math.floor(maxChars / 2))})`;
  const own = cleanLine(about.event.summary, maxChars - tail.length);
  return own === '' ? '' : `${own}${tail}`;
};

const othersAmong = ({ members }: Alert, ids: readonly string[]): string => {
  const carried = new Set(ids);
  const items = new Set(members.filter(({ event_id: id }) => carried.has(id)).map(({ item }) => item));
  const [item] = items;
  return counted(ids.length, items.size === 1 && item !== undefined ? `more ${item}` : 'more event');
};

/**
 * How many further events a message carries, in words, and how many the alert has where it does not keep them all, so
 * that not all are carried; undefined when there is nothing to count.
 */
export const othersOf = (request: SendRequest): string | undefined => {
  const { delivery, alert } = request;
  if (delivery.action === 'resolve') return undefined;
  const ids = delivery.event_ids.filter((id) => id !== delivery.event_id);
  const total = alert.uncounted === 0 ? undefined : alert.members.length + alert.uncounted;
  if (ids.length === 0) return total === undefined ? undefined : `one of ${total}`;
  const others = `and ${othersAmong(alert, ids)}`;
  return total === undefined ? others : `${others}, ${total} in all`;
};

export interface Link {
  readonly href: string;
  readonly text: string;
}

const maxHrefChars = 2000;

/**
 * The address as a browser would go to it: without the line breaks and spaces that it may hold, and with no `%` by itself, for
 * which Alertmanager refuses the whole alert. Null for what is no web address.
 */
const webAddress = (text: string): string | null => {
  const url = text.length <= maxHrefChars && /^\s*https?:/i.test(text) ? URL.parse(text) : null;
  const href = url?.href.replace(/%(?![\da-f]{2})/gi, '%25') ?? '';
  return href === '' || href.length > maxHrefChars ? null : href;
};

/** The alert in our dashboard; null where nobody has told where that is. */
export const alertUrl = ({ alert, publicUrl }: Pick<SendRequest, 'alert' | 'publicUrl'>): string | null => {
  if (publicUrl === null) return null;
  return webAddress(`${publicUrl}/alerts/${encodeURIComponent(alert.alert_id.toWellFormed())}`);
};

/** The vendor's page of it. */
export const linksOfEvent = (about: TellableEvent): readonly Link[] => {
  const { event, facts } = about;
  const text = event.source === 'stripe' ? 'Stripe dashboard' : `${vendorOf(about)} status page`;
  const href = webAddress(facts.url ?? '');
  return href === null ? [] : [{ href, text }];
};

/** The vendor's page of it, and the alert in our dashboard. */
export const linksOf = (request: SendRequest): readonly Link[] => {
  const own = alertUrl(request);
  return [...linksOfEvent(request.about), ...(own === null ? [] : [{ href: own, text: 'Alert in vendor-signals' }])];
};
