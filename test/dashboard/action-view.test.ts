import { expect, it } from 'vitest';
import { problemWords } from '../../src/dashboard/action-view.js';
import { ApiError } from '../../src/dashboard/api.js';

it.each([
  [
    new ApiError('a parameter is invalid', [{ path: 'at', message: 'expected a time' }]),
    'a parameter is invalid; at: expected a time',
  ],
  [new ApiError('the store does not answer'), 'the store does not answer'],
  [new Error('This is not JSON.'), 'This is not JSON.'],
  ['odd', 'odd'],
])('an action that did not work says why, and which fields were refused', (problem, words) => {
  expect(problemWords(problem)).toBe(words);
});
