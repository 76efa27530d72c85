import { expect, it } from 'vitest';
import { viewAlert, viewAlertDetail } from '../../src/http/alert-view.ts';
import { aDelivery, aMember, anAlert, aRecord } from '../support/builders.ts';

it('an event that was dropped is shown as its alert remembers it, without facts or a decision', () => {
  const alert = anAlert({ members: [aMember({ event_id: 'kept' }), aMember({ event_id: 'dropped', title: 'Old' })] });
  const { events } = viewAlertDetail({ alert, history: [], attempts: new Map() }, [
    aRecord({ event_id: 'kept' }, { routed: true, routing_reason: 'always' }),
  ]);
  expect(events).toMatchObject([
    { event_id: 'kept', facts: expect.any(Object), routed: true, routing_reason: 'always' },
    { event_id: 'dropped', title: 'Old', facts: null, routed: null, routing_reason: null },
  ]);
});

it('the vendor’s words of an event are cut, as there may be hundreds of events', () => {
  const alert = anAlert({ members: [aMember({ event_id: 'long' })] });
  const record = aRecord({ event_id: 'long', description: 'x'.repeat(5000) });
  const [event] = viewAlertDetail({ alert, history: [], attempts: new Map() }, [record]).events;
  expect(event?.description).toHaveLength(1000);
});

it('an alert shows at most 100 components that it affects', () => {
  const members = Array.from({ length: 200 }, (_, at) => aMember({ event_id: `e${at}`, affects: [`c${at}`] }));
  expect(viewAlert(anAlert({ members })).affects).toHaveLength(100);
});

const told = aDelivery({ ordinal: 0, status: 'delivered' });
const rise = aDelivery({ ordinal: 1, status: 'failed' });
const ended = aDelivery({ ordinal: 2, status: 'delivered', action: 'resolve' });
const again = aDelivery({ ordinal: 3, status: 'pending', cycle: 2 });
const other = { destination: 'chat', target: 'slack:1' };

it.each([
  ['what it accepted', 1, [told], ['pagerduty']],
  ['an update alone', 1, [aDelivery({ status: 'delivered', action: 'update' })], ['pagerduty']],
  ['a rise that it has not accepted yet', 1, [told, rise], ['pagerduty']],
  ['nothing that it has accepted', 1, [rise], []],
  ['the end', 1, [told, ended], ['pagerduty']],
  ['the end of an earlier time, and has not accepted the present one', 2, [told, ended, again], []],
  [
    'the end of an earlier time, while another knows the present one',
    2,
    [told, ended, { ...told, ...other, ordinal: 4, cycle: 2 }],
    ['chat'],
  ],
])('whom an alert names as told, where a destination was sent %s', (_what, cycle, deliveries, names) => {
  expect(viewAlert(anAlert({ cycle, deliveries })).told_to).toEqual(names);
});
