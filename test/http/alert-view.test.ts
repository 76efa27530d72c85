import { expect, it } from 'vitest';
import { viewAlert, viewAlertDetail } from '../../src/http/alert-view.ts';
import { aMember, anAlert, aRecord } from '../support/builders.ts';

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

it('an alert shows at most 100 components that it affects', () => {
  const members = Array.from({ length: 200 }, (_, at) => aMember({ event_id: `e${at}`, affects: [`c${at}`] }));
  expect(viewAlert(anAlert({ members })).affects).toHaveLength(100);
});
