import { expect, it } from 'vitest';
import { viewAlertDetail } from '../../src/http/alert-view.ts';
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
