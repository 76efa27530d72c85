import { expect, it } from 'vitest';
import { deliveriesOf, mergeHistory } from '../../src/stores/event-deliveries.ts';
import { entry } from '../contract/event-store/setup.ts';
import { aDelivery } from '../support/builders.ts';

it('an event is shown with the deliveries that carried it and the resolves of its alert', () => {
  const first = aDelivery({ event_ids: ['a'] });
  const both = aDelivery({ event_ids: ['a', 'b'], action: 'update', ordinal: 1 });
  const resolve = aDelivery({ event_ids: ['a'], action: 'resolve', ordinal: 2 });
  expect(deliveriesOf('a', [first, both, resolve])).toEqual([first, both, resolve]);
  expect(deliveriesOf('b', [first, both, resolve])).toEqual([both, resolve]);
  expect(deliveriesOf('c', [first, both])).toEqual([]);
});

const of = (minute: number, eventId?: string) => ({
  ...entry('joined', minute),
  ...(eventId && { event_id: eventId }),
});

it('histories are merged by time, each in its own order, the event’s first at one moment', () => {
  const own = [entry('stored', 1), entry('updated', 5), entry('resolved', 3)];
  const alert = [of(1, 'a'), of(2, 'b'), of(4, 'a'), of(4), of(9, 'a')];
  expect(mergeHistory('a', own, alert).map(({ at, change }) => [at.slice(14, 16), change])).toEqual([
    ['01', 'stored'],
    ['01', 'joined'],
    ['04', 'joined'],
    ['05', 'updated'],
    ['03', 'resolved'],
    ['09', 'joined'],
  ]);
  expect(mergeHistory('c', [], alert)).toEqual([]);
});
