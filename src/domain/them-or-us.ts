// When payments fail, is it the vendor? Which alerts of our payments and of a vendor's status page belong side by side,
// and what the message of the later one says of the other.
import { cutName, oneLine } from '../lib/text.ts';
import { toIso } from '../lib/time.ts';
import { type Alert, beganAt, openMembers } from './alert.ts';
import { titleOf } from './alert-members.ts';
import { maxRelated, withRelated } from './alert-state.ts';
import { isTold } from './delivery.ts';
import type { Rules } from './rules/rules.ts';
import { sourceOfPage, spokenName } from './status-page-name.ts';

/** So close together do two alerts start that name each other. */
export const togetherMs = 60 * 60_000;

/** The source of our own payments. */
export const paymentsSource = 'stripe';

/** The sources of the status pages that say how payments do. */
export const payingSources = ({ statusPages }: Pick<Rules, 'statusPages'>): readonly string[] =>
  [...statusPages.values()].filter(({ payments }) => payments).map(({ name }) => sourceOfPage(name));

export const startTogether = (a: Alert, b: Alert): boolean =>
  Math.abs(Date.parse(beganAt(a)) - Date.parse(beganAt(b))) <= togetherMs;

export const isOfRate = ({ members }: Pick<Alert, 'members'>): boolean => members.some(({ item }) => item === 'rate');

/** A vendor's alert without the rates that have joined it; undefined when nothing else of it goes on. */
export const withoutRates = (alert: Alert): Alert | undefined => {
  const members = openMembers(alert).filter(({ item }) => item !== 'rate');
  const title = titleOf(members);
  return title === undefined ? undefined : { ...alert, members, title };
};

/** Whether anybody was told of an alert, or is about to be. */
export const wasTold = ({ deliveries, cycle }: Pick<Alert, 'deliveries' | 'cycle'>): boolean =>
  deliveries.some((each) => each.action === 'trigger' && each.cycle === cycle && isTold(each));

/** The two alerts with each other's id, as far as they have room. */
export const withEachOther = (a: Alert, b: Alert): readonly Alert[] =>
  [
    [a, b],
    [b, a],
  ].flatMap(([one, other]) => {
    if (!one || !other || one.related.includes(other.alert_id) || one.related.length >= maxRelated) return [];
    return [withRelated(one, [other.alert_id])];
  });

/** As its status page calls itself, or as we call that. */
const vendorName = ({ source, vendor }: Pick<VendorState, 'source' | 'vendor'>): string =>
  vendor === null ? spokenName(source) : cutName(oneLine(vendor));

/** 14:02 UTC, with the day where it is not the day of `nowMs`. */
const timeOf = (iso: string, nowMs: number): string => {
  const isToday = toIso(nowMs).startsWith(iso.slice(0, 10));
  return `${isToday ? '' : `${iso.slice(0, 10)} `}${iso.slice(11, 16)} UTC`;
};

/** How a vendor's status page was read last. */
export interface VendorState {
  readonly source: string;
  /** As the status page calls itself; null when that is not known. */
  readonly vendor: string | null;
  readonly isReadable: boolean;
}

/** "Stripe reports: Elevated errors on Payments, since 14:02 UTC." */
export const vendorReport = ({ source, title, ...alert }: Alert, vendor: string | null, nowMs: number): string =>
  `${vendorName({ source, vendor })} reports: ${title}, since ${timeOf(beganAt(alert), nowMs)}.`;

/** "Our own payments fail too: declines: 30% of 120 payments failed within 15 min, since 14:02 UTC." */
export const paymentsReport = ({ title, ...alert }: Alert, nowMs: number): string =>
  `Our own payments fail too: ${title}, since ${timeOf(beganAt(alert), nowMs)}.`;

const listOf = (states: readonly VendorState[]): string => states.map(vendorName).join(', ');

/** What no vendor says: who is well by its status page, and whose cannot be read, which is not the same. */
export const wellReport = (states: readonly VendorState[]): string | undefined => {
  const readable = states.filter(({ isReadable }) => isReadable);
  const others = states.filter(({ isReadable }) => !isReadable);
  const well = readable.length === 0 ? [] : [`No trouble is reported by ${listOf(readable)}.`];
  const unknown =
    others.length === 0 ? [] : [`Not known how they do, for their status pages cannot be read: ${listOf(others)}.`];
  return states.length === 0 ? undefined : [...well, ...unknown].join(' ');
};
