// What people read of an event wherever they are told of it.
import { expect, it } from 'vitest';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import type { Facts } from '../../src/domain/facts.ts';
import {
  affectedBy,
  alertUrl,
  amountOf,
  clean,
  headlineOf,
  linksOfEvent,
  listed,
  othersOf,
  reasonOf,
  vendorOf,
} from '../../src/sinks/wording.ts';
import { aDelivery, aMember, anAlert, aRequest, tellable } from '../support/telling.ts';

it.each<[string, Partial<UnifiedEvent>, Facts, string | undefined]>([
  [
    'the code and the words',
    { description: 'No money.' },
    { failure_code: 'nsf', decline_code: 'x' },
    'nsf: No money.',
  ],
  ['the decline code where there is no other', { description: null }, { decline_code: 'x', reason: 'y' }, 'x'],
  ['the reason where there is no code', { description: null }, { reason: 'fraudulent' }, 'fraudulent'],
  ['the words alone', { description: 'No money.' }, { failure_code: ' ' }, 'No money.'],
  ['nothing', { description: null }, {}, undefined],
  ['no description of an incident', { kind: 'incident', description: 'Long story.' }, {}, undefined],
  ['as much as fits', { description: 'x'.repeat(200) }, {}, `${'x'.repeat(159)}…`],
])('the reason is %s', (_what, event, facts, reason) => {
  expect(reasonOf(tellable(event, facts))).toBe(reason);
});

it.each<[Facts, string | undefined]>([
  [{ amount: 1234, currency: 'eur' }, '12.34 EUR'],
  [{ amount: 1234 }, undefined],
  [{ currency: 'eur' }, undefined],
])('the amount of %j is %s', (facts, amount) => {
  expect(amountOf(tellable({}, facts))).toBe(amount);
});

it.each([
  [['a', 'b', 'c'], false, 'a, b, c'],
  [['a', 'b', 'c', 'd'], false, 'a, b, c and 1 more'],
  [['a', 'b', 'c', 'd'], true, 'a, b, c and at least 1 more'],
  [['x'.repeat(61)], false, `${'x'.repeat(59)}…`],
])('of a list three are named: %j', (items, isPart, text) => {
  expect(listed(items, 3, isPart)).toBe(text);
});

it('an incident says what it affects, if it names anything', () => {
  expect(affectedBy(tellable({}, { components: ['API', 'Web'] }))).toBe('API, Web');
  expect(affectedBy(tellable({}, { components: [] }))).toBeUndefined();
  expect(affectedBy(tellable())).toBeUndefined();
});

it('the vendor is called as it calls itself, else as we do', () => {
  expect(vendorOf(tellable({ source: 'acme_status' }, { page_name: 'ACME Corp' }))).toBe('ACME Corp');
  expect(vendorOf(tellable({ source: 'acme_status' }))).toBe('Acme');
  expect(vendorOf(tellable({ source: 'acme_status' }, { page_name: ' ' }))).toBe('Acme');
  expect(vendorOf(tellable({}, { page_name: 'ACME\n Corp' }))).toBe('ACME Corp');
  expect(vendorOf(tellable({}, { page_name: 'x'.repeat(81) }))).toBe(`${'x'.repeat(79)}…`);
});

it('a headline is one line, whatever the names in it are', () => {
  const text = 'a\r\nb\u2028c';
  const facts = { page_name: `${text} 1`, group: `${text} 2`, account: text, components: [text], reason: text };
  expect(headlineOf(tellable({ summary: text, description: text }, facts), 500)).toBe(
    'a b c (a b c 1, a b c 2, affects a b c, a b c: a b c, account a b c)',
  );
});

it('a headline adds what the summary does not say, in any case, and ends where it has to', () => {
  const incident = {
    kind: 'incident',
    source: 'acme_status',
    summary: 'ACME: api  is\ndown',
    description: null,
  } as const;
  const own = headlineOf(tellable(incident, { components: ['Web'], group: 'API' }), 200);
  expect(own).toMatch(/^ACME: api is down \([^,]*Web\)$/);
  const facts = { amount: 1234, currency: 'eur', failure_code: 'nsf', account: 'acct_1', group: 'US' };
  const headline = headlineOf(tellable({ description: null }, facts, true), 200);
  for (const part of ['Stripe', 'US', '12.34 EUR', 'nsf', 'acct_1', 'test']) expect(headline).toContain(part);
  expect(headlineOf(tellable({ summary: 'x'.repeat(100), description: 'y'.repeat(100) }), 60)).toHaveLength(60);
  expect(headlineOf(tellable({ summary: ' ' }), 60)).toBe('');
});

it('text has no NUL and no half of a pair, and is no longer than it may be', () => {
  expect(clean('a\0b\ud800', 10)).toBe('ab\ufffd');
  expect(clean('x'.repeat(11), 10)).toBe(`${'x'.repeat(9)}…`);
});

const others = (ids: readonly string[], more: { readonly uncounted?: number; readonly action?: 'resolve' } = {}) => {
  const delivery = aDelivery({ event_ids: ids, ...(more.action && { action: more.action }) });
  const members = [
    aMember(),
    aMember({ event_id: '2', item: 'component' }),
    aMember({ event_id: '3', item: 'component' }),
  ];
  return othersOf(aRequest({ delivery, alert: anAlert({ members, uncounted: more.uncounted ?? 0 }) }));
};

it.each([
  ['nothing of one event', others(['evt_1']), undefined],
  ['one of a kind', others(['evt_1', '2']), 'and 1 more component'],
  ['several of a kind', others(['evt_1', '2', '3']), 'and 2 more components'],
  ['what the alert does not keep by no kind', others(['evt_1', '9']), 'and 1 more event'],
  ['all of an alert that keeps not all', others(['evt_1', '2'], { uncounted: 4 }), 'and 1 more component, 7 in all'],
  ['which part of such an alert one event is', others(['evt_1'], { uncounted: 4 }), 'one of 7'],
  ['nothing at the end', others(['evt_1', '2'], { action: 'resolve', uncounted: 4 }), undefined],
])('a message counts %s', (_what, text, expected) => {
  expect(text).toBe(expected);
});

it.each<[string, string, Facts, readonly object[]]>([
  ['of Stripe', 'stripe', { url: 'https://x.test/1' }, [{ href: 'https://x.test/1', text: 'Stripe dashboard' }]],
  ['of a status page', 'acme_status', { url: 'http://x.test' }, [{ href: 'http://x.test/', text: 'Acme status page' }]],
  [
    'without line breaks and spaces',
    'acme_status',
    { url: ' https://x.test/a\n\tb c|"<>\u2028Bcc: ' },
    [{ href: 'https://x.test/ab%20c|%22%3C%3E%E2%80%A8Bcc:', text: 'Acme status page' }],
  ],
  [
    'without a % by itself',
    'acme_status',
    { url: 'https://x.test/100%/%zz%20?a=5%' },
    [{ href: 'https://x.test/100%25/%25zz%20?a=5%25', text: 'Acme status page' }],
  ],
  ['that grows too long', 'acme_status', { url: `https://x.test/${' '.repeat(800)}x` }, []],
  ['that is no web address', 'acme_status', { url: 'javascript:alert(1)' }, []],
  ['that is none', 'acme_status', { url: 'https://' }, []],
  ['that is too long', 'acme_status', { url: `https://x.test/${'x'.repeat(2000)}` }, []],
  ['that there is none of', 'acme_status', {}, []],
])('a link %s', (_which, source, facts, links) => {
  expect(linksOfEvent(tellable({ source }, facts))).toEqual(links);
});

it('the alert is linked where somebody has told where our dashboard is', () => {
  expect(alertUrl(aRequest())).toBeNull();
  const alert = anAlert({ alert_id: 'a:1#2' });
  expect(alertUrl(aRequest({ alert, publicUrl: 'https://ops.test/signals' }))).toBe(
    'https://ops.test/signals/alerts/a%3A1%232',
  );
});

it.each([
  ['account.updated: acct_1 (Stripe, account cannot charge or be paid, requirements.past_due)', {}],
  ['account.updated: acct_1 (Stripe, requirements.past_due)', { built_in_severity: 'info' } as const],
])('a type that does not say what is wrong is said with what it means: %s', (expected, more) => {
  const facts = { type: 'account.updated', reason: 'requirements.past_due', ...more };
  expect(headlineOf(tellable({ summary: 'account.updated: acct_1', description: null }, facts), 200)).toBe(expected);
});
