import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/domain/rules/nearest.ts';

it.each([
  ['componnet', ['component', 'components'], 'component'],
  ['components_', ['component', 'components'], 'components'],
  ['failureCode', ['failure_code', 'decline_code'], 'failure_code'],
  ['failure-code', ['failure_code'], 'failure_code'],
  ['nigth', ['weekend', 'night'], 'night'],
  ['SENT', ['sent'], 'sent'],
  ['crit', ['info', 'warning', 'critical'], 'critical'],
  ['monday', ['mon', 'tue'], 'mon'],
  ['pay', ['payment', 'payout'], undefined],
  ['colour', ['routes', 'severity'], undefined],
  ['ab', ['abcdef'], undefined],
  ['x'.repeat(81), ['x'.repeat(80)], undefined],
  ['night', ['x'.repeat(81)], undefined],
  ['night', [], undefined],
])('"%s" among %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

it('a hint is a phrase, or nothing', () => {
  expect(didYouMean('nigth', ['night'])).toBe(' (did you mean "night"?)');
  expect(didYouMean('moon', ['night'])).toBe('');
});
