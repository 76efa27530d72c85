import { expect, it } from 'vitest';
import { legacyTarget } from '../../src/domain/legacy-targets.ts';
import { checkDestination } from '../../src/sinks/check-destination.ts';

const pager = { name: 'pager', target: 'pagerduty:1', reachesPeople: true };
const queued = (destination: string, target: string, reachesPeople = true) => ({
  destination,
  target,
  reaches_people: reachesPeople,
});

it.each([
  [
    'a delivery of a version without targets goes to what has its name',
    queued('pager', legacyTarget(true)),
    { to: pager },
  ],
  [
    'and to nobody when nothing has its name',
    queued('mail', legacyTarget(true)),
    { refused: 'the destination "mail" is no longer configured' },
  ],
  [
    'and not to people when it was queued for the mock',
    queued('pager', legacyTarget(false), false),
    { refused: 'queued for the mock, but the destination "pager" reaches people now' },
  ],
  ['a destination under a new name is the same', queued('oncall', 'pagerduty:1'), { to: pager }],
  [
    'with another key it is another',
    queued('pager', 'pagerduty:2'),
    { refused: 'the destination "pager" has another key or address now' },
  ],
])('%s', (_, delivery, expected) => {
  expect(checkDestination(delivery, [pager])).toEqual(expected);
});
