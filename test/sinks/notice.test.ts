import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { formatDuration, noticeOf } from '../../src/sinks/notice.ts';
import { aDelivery, aMember, anAlert, aRequest, tellable } from '../support/telling.ts';

it.each([
  [0, 'less than a minute'],
  [59_999, 'less than a minute'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [3_900_000, '1 h 5 min'],
  [90_000_000, '1 d 1 h'],
  [-5, 'less than a minute'],
])('%i ms are "%s"', (ms, words) => {
  expect(formatDuration(ms)).toBe(words);
});

const about = tellable(
  { source: 'acme_status', kind: 'incident', summary: 'API errors', description: null },
  { page_name: 'Acme', status: 'monitoring' },
);
const newsOf = (action: Delivery['action'], reason: Delivery['reason'], more: Parameters<typeof anAlert>[0] = {}) => {
  const delivery = aDelivery({ action, reason, severity: 'critical' });
  return noticeOf(
    aRequest({ delivery, about, alert: anAlert({ title: 'API errors', deliveries: [delivery], ...more }) }),
  ).news;
};

it.each([
  ['trigger', 'opened', 'API errors (Acme)'],
  ['trigger', 'reopened', 'Open again: API errors (Acme)'],
  ['trigger', 'louder', 'Now critical: API errors (Acme)'],
  ['update', 'joined', 'Also: API errors (Acme)'],
  ['update', 'words', 'monitoring: API errors (Acme)'],
  ['resolve', 'ended', 'Resolved.'],
  ['resolve', 'eased', 'Eased: the vendor still lists it, as less serious.'],
] as const)('the news of a %s because it %s is "%s"', (action, reason, words) => {
  expect(newsOf(action, reason)).toBe(words);
});

it('says how long it lasted, from the vendor’s own beginning', () => {
  const members = [aMember({ started_at: '2026-03-01T11:30:00.000Z' }), aMember({ event_id: 'b' })];
  const over = { state: 'resolved', resolved_at: '2026-03-01T13:00:00.000Z', members } as const;
  expect(newsOf('resolve', 'ended', over)).toBe('Resolved after 1 h 30 min.');
});

it('shows what the alert affects, its phase, and no phase when it is over', () => {
  const members = [
    aMember({ item: 'incident', status: 'identified', affects: ['API', 'Web'] }),
    aMember({ event_id: 'b', item: 'component', status: 'major_outage', affects: ['Checkout'] }),
  ];
  const labels = (action: Delivery['action']) => {
    const delivery = aDelivery({ action });
    return noticeOf(aRequest({ delivery, about, alert: anAlert({ members, deliveries: [delivery] }) })).facts;
  };
  expect(labels('trigger')).toEqual([
    { label: 'Vendor', value: 'Acme' },
    { label: 'Affects', value: 'API, Web, Checkout' },
    { label: 'Status', value: 'identified' },
    { label: 'Severity', value: 'critical' },
  ]);
  expect(labels('resolve').map(({ label }) => label)).not.toContain('Status');
});

it.each([
  [150, 0, 'c0, c1, c2, c3, c4 and 145 more'],
  [500, 1500, 'c0, c1, c2, c3, c4 and at least 495 more'],
])('of %i components, and %i events that are only counted, it affects "%s"', (count, uncounted, words) => {
  const members = Array.from({ length: count }, (_, at) => aMember({ event_id: `e${at}`, affects: [`c${at}`] }));
  const { facts } = noticeOf(aRequest({ about, alert: anAlert({ members, uncounted }) }));
  expect(facts).toContainEqual({ label: 'Affects', value: words });
});

it('says test mode in its title', () => {
  expect(noticeOf(aRequest({ about: tellable({}, {}, true) })).title).toBe('[test mode] Stripe: payout.failed: po_1');
});

it.each([
  ['The card was declined.', [{ label: 'Reason', value: 'card_declined: The card was declined.' }], null],
  ['x'.repeat(300), [{ label: 'Reason', value: expect.stringMatching(/^card_declined: x+…$/) }], 'x'.repeat(300)],
])('a payment’s reason is said once, and whole where it is long: %.30s', (text, reasons, description) => {
  const failed = { source: 'stripe', kind: 'payment', summary: 'A payout failed', description: text } as const;
  const notice = noticeOf(aRequest({ about: tellable(failed, { failure_code: 'card_declined' }) }));
  expect(notice.facts.filter(({ label }) => label === 'Reason')).toEqual(reasons);
  expect(notice.description).toBe(description);
});

it('the lines of a description end as ours do, or each would be quoted as two', () => {
  const about = tellable({ kind: 'incident', description: 'We are looking.\r\n\r\nMore at noon.\r\n' });
  expect(noticeOf(aRequest({ about })).description).toBe('We are looking.\n\nMore at noon.');
});

it.each([
  ['API errors', 'Acme: API errors'],
  ['Elevated errors at ACME', 'Elevated errors at ACME'],
])('a title that stands alone names the vendor: %s', (title, expected) => {
  const facts = { page_name: 'Acme' };
  const alert = anAlert({ title, source: 'acme_status' });
  expect(noticeOf(aRequest({ alert, about: tellable({ source: 'acme_status' }, facts) })).title).toBe(expected);
});

it('says what a type means that does not say it', () => {
  const { facts } = noticeOf(aRequest({ about: tellable({}, { type: 'balance.available' }) }));
  expect(facts).toContainEqual({ label: 'Meaning', value: 'Balance is negative' });
});
