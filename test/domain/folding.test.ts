// Each rule by which an event belongs to an alert, on both sides of each of its bounds.
import { describe, expect, it } from 'vitest';
import type { Alert, Member } from '../../src/domain/alert.ts';
import { type Candidate, findFold } from '../../src/domain/folding.ts';
import { aDelivery, aMember, anAlert } from '../support/builders.ts';

const at = (time: string): string => `2026-03-01T${time}.000Z`;
const id = 'acme_status:incident:1';

interface Shape {
  readonly item?: Candidate['traits']['item'];
  readonly started?: string;
  /** By our clock; when it began if it is absent. */
  readonly joined?: string;
  readonly components?: readonly string[];
  readonly group?: string | null;
  readonly page?: number;
  readonly name?: string | null;
  readonly subject?: string;
  readonly severity?: Candidate['severity'];
}

const candidate = (shape: Shape = {}): Candidate => ({
  subject: shape.subject ?? 'new',
  startedAt: at(shape.started ?? '12:00:00'),
  severity: shape.severity ?? 'critical',
  traits: {
    item: shape.item ?? 'component',
    name: shape.name ?? null,
    components: shape.components ?? ['new'],
    group: shape.group ?? null,
    pageSize: shape.page ?? 10,
  },
});

const member = (shape: Shape & Partial<Pick<Member, 'ended_at' | 'attracts'>> = {}): Member =>
  aMember({
    event_id: id,
    subject: shape.subject ?? 'old',
    item: shape.item ?? 'component',
    started_at: at(shape.started ?? '12:00:00'),
    joined_at: at(shape.joined ?? shape.started ?? '12:00:00'),
    components: shape.components ?? ['old'],
    group: shape.group ?? null,
    page_size: shape.page ?? 10,
    name: shape.name ?? null,
    ended_at: shape.ended_at ?? null,
    attracts: shape.attracts ?? true,
  });

const alertOf = (only: Member, overrides: Partial<Alert> = {}): Alert =>
  anAlert({ opened_at: at('12:00:00'), members: [only], ...overrides });

/** After all that begins here, but where a vendor's clock is ahead. */
const evening = Date.parse(at('23:00:00'));
const howOf = (event: Candidate, ...alerts: readonly Alert[]): string => findFold(event, alerts, evening).how;

const names = { item: 'incident', components: ['new'] } as const;
const namesNone = { item: 'incident', components: [] } as const;

it.each<[string, Shape, Shape & Partial<Member>, string]>([
  ['a component that an incident names, long after it began', { started: '17:59:00' }, names, 'joins'],
  [
    'a component that an incident does not name',
    { started: '12:00:00' },
    { item: 'incident', components: ['x'] },
    'own',
  ],
  ['an incident that names a component', { item: 'incident', components: ['old', 'x'] }, {}, 'joins'],
  ['an incident that names others', { item: 'incident', components: ['x'] }, {}, 'own'],

  ['a component ten minutes after another', { started: '12:10:00' }, {}, 'joins'],
  ['a component later than that', { started: '12:10:01' }, {}, 'own'],
  ['a component ten minutes before another', { started: '11:50:00' }, {}, 'joins'],
  ['a component earlier than that', { started: '11:49:59' }, {}, 'own'],
  ['a component an hour after the alert opened', { started: '13:00:00' }, { started: '12:55:00' }, 'joins'],
  ['a component later than that', { started: '13:00:01' }, { started: '12:55:00' }, 'own'],
  [
    'a component of a vendor ahead of us',
    { started: '14:05:00' },
    { started: '14:00:00', joined: '12:00:00' },
    'joins',
  ],

  ['a component on a page of sixty', { page: 60 }, { page: 60 }, 'joins'],
  ['a component on a larger page', { page: 61 }, { page: 61 }, 'own'],
  ['a component of one group on a larger page', { page: 61, group: 'eu' }, { page: 61, group: 'eu' }, 'joins'],
  ['a component of another group on a larger page', { page: 61, group: 'eu' }, { page: 61, group: 'us' }, 'own'],

  ['what goes down half an hour before an incident that names none', { started: '11:30:00' }, namesNone, 'joins'],
  ['what went down earlier than that', { started: '11:29:59' }, namesNone, 'own'],
  ['what goes down six hours after an incident that names none', { started: '18:00:00' }, namesNone, 'joins'],
  ['what goes down later than that', { started: '18:00:01' }, namesNone, 'own'],
  ['what goes down after it, on a large page', { page: 61 }, { ...namesNone, page: 61 }, 'own'],
  ['an incident that names none, over what is down', { ...namesNone, started: '12:30:00' }, {}, 'joins'],
  ['an incident that names none, over what was down earlier', { ...namesNone, started: '12:30:01' }, {}, 'own'],

  ['two incidents that share a component', names, { ...names, started: '12:00:00' }, 'joins'],
  ['two incidents that share none', names, { item: 'incident', components: ['x'] }, 'own'],
  [
    'two incidents of one name within half an hour',
    { ...namesNone, name: 'Down', started: '12:30:00' },
    { ...namesNone, name: 'Down' },
    'joins',
  ],
  [
    'two incidents of one name, later than that',
    { ...namesNone, name: 'Down', started: '12:30:01' },
    { ...namesNone, name: 'Down' },
    'own',
  ],
  ['two incidents of other names', { ...namesNone, name: 'Down' }, { ...namesNone, name: 'Slow' }, 'own'],

  ['the same subject', { subject: 'old', started: '17:00:00' }, {}, 'joins'],
  ['what an event that attracts nothing would take in', { started: '12:05:00' }, { attracts: false }, 'own'],
  ['the same subject as an event that attracts nothing', { subject: 'old' }, { attracts: false }, 'joins'],
  ['a status page that cannot be read', { item: 'page', components: [] }, {}, 'own'],
])('%s', (_rule, event, known, how) => {
  expect(howOf(candidate(event), alertOf(member(known)))).toBe(how);
});

describe('after an end', () => {
  const over = (ended: string): Alert =>
    alertOf(member({ started: '11:00:00', ended_at: at(ended) }), { state: 'resolved', resolved_at: at(ended) });

  it.each([
    ['an hour after it ended', '13:00:00', 'reopens'],
    ['later than that', '13:00:01', 'own'],
  ])('the same subject down again %s', (_when, started, how) => {
    expect(howOf(candidate({ subject: 'old', started }), over('12:00:00'))).toBe(how);
  });

  it('two incidents share nothing any more once the first has ended', () => {
    const ended = member({ item: 'incident', components: ['new'], ended_at: at('11:58:00'), started: '11:00:00' });
    expect(howOf(candidate(names), alertOf(ended))).toBe('own');
  });

  it('an incident that named nothing takes in nothing more once it has ended', () => {
    const ended = member({ item: 'incident', components: [], ended_at: at('11:58:00'), started: '11:00:00' });
    expect(howOf(candidate(), alertOf(ended))).toBe('own');
  });
});

describe('an alert that lasts', () => {
  const told = (severity: 'warning' | 'critical') =>
    alertOf(member({ item: 'incident', components: ['new'], started: '06:00:00' }), {
      severity,
      deliveries: [aDelivery({ created_at: at('06:00:00') })],
    });

  it.each([
    ['six hours after its last trigger', '12:00:00', 'critical', 'critical', 'joins'],
    ['later, as serious as it is', '12:00:01', 'critical', 'critical', 'own'],
    ['later, more serious than it is', '12:00:01', 'warning', 'critical', 'own'],
    ['later, less serious than it is', '12:00:01', 'critical', 'warning', 'joins'],
  ] as const)('what begins %s', (_when, started, of, severity, how) => {
    expect(howOf(candidate({ started, severity }), told(of))).toBe(how);
  });

  it('counts from its newest trigger, and from no update', () => {
    const withAnother = (action: 'trigger' | 'update', time: string) => {
      const alert = told('critical');
      return { ...alert, deliveries: [...alert.deliveries, aDelivery({ action, ordinal: 1, created_at: at(time) })] };
    };
    const late = candidate({ started: '12:00:01' });
    expect(howOf(late, withAnother('trigger', '07:00:00'))).toBe('joins');
    expect(howOf(late, withAnother('trigger', '05:00:00'))).toBe('own');
    expect(howOf(late, withAnother('update', '07:00:00'))).toBe('own');
  });

  it('is counted by our clock where the vendor writes a time that has not come', () => {
    const ahead = candidate({ started: '20:00:00' });
    const howAt = (now: string) => findFold(ahead, [told('critical')], Date.parse(at(now))).how;
    expect([howAt('12:00:00'), howAt('12:00:01')]).toEqual(['joins', 'own']);
  });

  it('what nobody was told of swallows nothing', () => {
    const untold = { ...told('critical'), deliveries: [] };
    expect(howOf(candidate({ started: '12:00:01' }), untold)).toBe('joins');
  });
});

describe('an event that fits several alerts', () => {
  const one = (alertId: string, overrides: Partial<Alert> = {}) =>
    alertOf(member(), { alert_id: alertId, ...overrides });
  const choose = (...alerts: readonly Alert[]) => {
    const fold = findFold(candidate(), alerts, evening);
    return fold.how === 'own' ? 'own' : [fold.alert.alert_id, ...fold.related];
  };

  it('joins the most serious, and names the others', () => {
    expect(choose(one('a', { severity: 'warning' }), one('b'))).toEqual(['b', 'a']);
  });

  it('joins the oldest of those that are as serious', () => {
    expect(choose(one('a', { opened_at: at('12:05:00') }), one('b'))).toEqual(['b', 'a']);
  });

  it('joins an open one before it opens one again', () => {
    const ended = one('a', { state: 'resolved', resolved_at: at('11:59:00'), opened_at: at('11:00:00') });
    expect(choose(ended, one('b', { severity: 'warning' }))).toEqual(['b']);
  });
});

describe('payments', () => {
  const failed = (started: string) => candidate({ item: 'payment', components: [], name: 'payout.failed', started });
  const known = member({ item: 'payment', components: [], name: 'payout.failed' });

  it.each([
    ['within a minute', failed('12:01:00'), {}, 'joins'],
    ['later', failed('12:01:01'), {}, 'own'],
    [
      'within a minute, when the alert has ended',
      failed('12:00:30'),
      { state: 'resolved', resolved_at: at('12:00:10') },
      'own',
    ],
    [
      'of another type',
      { ...failed('12:00:30'), traits: { ...failed('12:00:30').traits, name: 'payout.canceled' } },
      {},
      'own',
    ],
  ] as const)('an event of the same object %s', (_when, event, alert, how) => {
    expect(howOf(event, alertOf(known, alert))).toBe(how);
  });
});
