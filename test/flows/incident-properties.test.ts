// Whatever a vendor goes through, and whatever of it reaches us, in whatever order: what is open, and who was paged.
import fc from 'fast-check';
import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { type FakePagerDuty, fakePagerDuty } from '../support/pagerduty.ts';
import { type Service, startService } from '../support/service.ts';
import { component, fakePage, incident, summary } from '../support/status-page.ts';

const incidentStates = ['absent', 'none', 'minor', 'major', 'resolved'] as const;
const componentStates = ['absent', 'operational', 'degraded_performance', 'major_outage', 'group'] as const;

const snapshotArb = fc.record({
  incidents: fc.tuple(fc.constantFrom(...incidentStates), fc.constantFrom(...incidentStates)),
  components: fc.tuple(fc.constantFrom(...componentStates), fc.constantFrom(...componentStates)),
});

/** What a poll gets to see: news, the last news again, something older, or nothing that is of use. */
const pollArb = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('news' as const), snapshot: snapshotArb }) },
  fc.record({ type: fc.constant('again' as const) }),
  fc.record({ type: fc.constant('older' as const), back: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constantFrom('failure' as const, 'html' as const, 'other page' as const) }),
  // What the page shows is what it showed before, but somebody has resolved by hand all that was open.
  fc.record({ type: fc.constant('by hand' as const) }),
);

type Poll = typeof pollArb extends fc.Arbitrary<infer T> ? T : never;

interface Snapshot {
  readonly incidents: readonly string[];
  readonly components: readonly string[];
}

/** The vendor's own world: each snapshot with the times at which its things last changed. */
const createVendor = (): ((snapshot: Snapshot) => object) => {
  const changedAt = new Map<string, string>();
  const states = new Map<string, string>();
  let clockMs = Date.parse('2026-03-01T00:00:00Z');

  const lastChange = (key: string, state: string): string => {
    if (states.get(key) !== state) changedAt.set(key, new Date(clockMs).toISOString());
    states.set(key, state);
    return changedAt.get(key) ?? '';
  };

  return ({ incidents, components }) => {
    clockMs += 1000;
    const listedIncidents = incidents.flatMap((state, at) => {
      const updatedAt = lastChange(`incident ${at}`, state);
      const over = { status: 'resolved', resolved_at: updatedAt };
      const more = state === 'resolved' ? over : { impact: state };
      return state === 'absent' ? [] : [incident(String(at), { ...more, updated_at: updatedAt })];
    });
    const listedComponents = components.flatMap((state, at) => {
      const updatedAt = lastChange(`component ${at}`, state);
      const [status, group] = state === 'group' ? ['major_outage', true] : [state, false];
      return state === 'absent' ? [] : [component(String(at), status, { updated_at: updatedAt, group })];
    });
    const updatedAt = new Date(clockMs).toISOString();
    return summary({ updatedAt, incidents: listedIncidents, components: listedComponents });
  };
};

/** How serious each state is; what is not here is nothing that is wrong. */
const seriousness = new Map([
  ['none', 0],
  ['minor', 1],
  ['major', 2],
  ['degraded_performance', 1],
  ['major_outage', 2],
]);

/** A component that is not listed, or is a group now, is not thereby well: what was known of it still holds. */
const asKnown = (before: Snapshot | undefined, { incidents, components }: Snapshot): Snapshot => ({
  incidents,
  components: components.map((state, at) =>
    state === 'absent' || state === 'group' ? (before?.components[at] ?? 'absent') : state,
  ),
});

/** What a snapshot shows to be wrong, with how serious it is. */
const wrongIn = ({ incidents, components }: Snapshot): ReadonlyMap<string, number> =>
  new Map(
    [incidents, components].flatMap((states, list) =>
      states.flatMap((state, at): [string, number][] => {
        const level = seriousness.get(state);
        return level === undefined ? [] : [[`${list === 0 ? 'incident' : 'component'}:${at}`, level]];
      }),
    ),
  );

/** Forgets what was resolved by hand once it is over, or worse than it was. */
const forgetClosed = (closed: Map<string, number>, wrong: ReadonlyMap<string, number>): void => {
  for (const [subject, level] of closed) {
    const now = wrong.get(subject);
    if (now === undefined || now > level) closed.delete(subject);
  }
};

const subjectOf = ({ event_id: id }: { event_id: string }): string => id.split(':').slice(1, 3).join(':');

interface Published {
  readonly snapshot: Snapshot;
  readonly body: object;
}

const failure = () => HttpResponse.error();

/** What the page answers to a poll, given what the vendor has published by then. */
const answerTo = (poll: Poll, published: readonly Published[]): object | (() => Response) => {
  switch (poll.type) {
    case 'news':
    case 'again':
    case 'by hand':
      return published.at(-1)?.body ?? failure;
    case 'older':
      return published.at(-1 - poll.back)?.body ?? failure;
    case 'html':
      return () => new HttpResponse('<html>');
    case 'other page':
      return published.length > 0 ? summary({ pageId: 'other', incidents: [incident('0')] }) : failure;
    case 'failure':
      return failure;
  }
};

/** Each alert is told before its end is, its end once, and whoever was told of what is over knows that it is. */
const expectToldToTheEnd = async (service: Service, pagerDuty: FakePagerDuty): Promise<void> => {
  const alerts = await service.alerts('?limit=1000');
  const states = new Map(alerts.map(({ alert_id: id, state }) => [id, state]));
  const critical = await service.events('?state=open&severity=critical&limit=1000');
  const needed = new Set(critical.map(({ alert_id: alertId }) => alertId));
  for (const alertId of needed) expect(states.get(String(alertId))).toBe('open');
  for (const [key, requests] of Map.groupBy(pagerDuty.requests, ({ dedup_key: each }) => each)) {
    // The end of what the first look found is told under the ids of all its events, which name no alert.
    if (!states.has(key)) continue;
    const actions = requests.map(({ event_action: action }) => action);
    expect(actions[0]).toBe('trigger');
    expect(actions.join(' ')).not.toContain('resolve resolve');
    if (needed.has(key)) expect(actions.at(-1)).toBe('trigger');
    if (states.get(key) === 'resolved') expect(actions.at(-1)).toBe('resolve');
  }
};

const play = async (polls: readonly Poll[]): Promise<void> => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await startService();
  const publish = createVendor();
  const published: Published[] = [];
  /** What was resolved by hand, with how serious it was then. */
  const closed = new Map<string, number>();

  for (const poll of polls) {
    service.clock.advance(1000);
    if (poll.type === 'news')
      published.push({ snapshot: asKnown(published.at(-1)?.snapshot, poll.snapshot), body: publish(poll.snapshot) });
    page.serve(answerTo(poll, published));
    await service.pull();

    const last = published.at(-1);
    const wrong = last ? wrongIn(last.snapshot) : new Map<string, number>();
    forgetClosed(closed, wrong);
    const openEvents = await service.events('?state=open&limit=1000');
    const expected = [...wrong.keys()].filter((subject) => !closed.has(subject));
    expect(openEvents.map(subjectOf).toSorted()).toEqual(expected.toSorted());
    if (poll.type !== 'by hand') continue;
    for (const { event_id: eventId } of openEvents) await service.resolve(eventId);
    for (const subject of expected) closed.set(subject, wrong.get(subject) ?? 0);
  }

  const last = published.at(-1);
  if (last) {
    page.serve(last.body);
    await service.pull();
    const sent = pagerDuty.requests.length;
    expect(await service.pull()).toMatchObject({ stored: 0, updated: 0, resolved: 0, routed: 0, errors: {} });
    expect(pagerDuty.requests).toHaveLength(sent);
  }
  await expectToldToTheEnd(service, pagerDuty);
  await service.app.stop();
};

it('keeps what is open, and who was paged, true to the vendor, whatever reaches it in whatever order', async () => {
  await fc.assert(fc.asyncProperty(fc.array(pollArb, { minLength: 1, maxLength: 12 }), play), { numRuns: 60 });
});
