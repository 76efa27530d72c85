import { expect, it } from 'vitest';
import { ConfigError, errorText, StoreUnavailable } from '../../src/lib/errors.ts';

const withCode = (message: string, code: string) => Object.assign(new Error(message), { code });

it.each([
  ['an error', new Error('it broke'), 'it broke'],
  ['an error with a cause', new Error('fetch failed', { cause: new Error('reset') }), 'fetch failed: reset'],
  [
    'a network error, whose code is one level down',
    new TypeError('fetch failed', { cause: withCode('connect to 10.0.0.1:443', 'ECONNREFUSED') }),
    'fetch failed: ECONNREFUSED connect to 10.0.0.1:443',
  ],
  [
    'a network error that names its code itself',
    new TypeError('fetch failed', { cause: withCode('connect ECONNREFUSED 127.0.0.1:80', 'ECONNREFUSED') }),
    'fetch failed: connect ECONNREFUSED 127.0.0.1:80',
  ],
  [
    'one error for each address of a host',
    new AggregateError([
      withCode('connect ECONNREFUSED ::1:80', 'ECONNREFUSED'),
      new Error('connect ECONNREFUSED 127.0.0.1:80'),
    ]),
    'connect ECONNREFUSED ::1:80, connect ECONNREFUSED 127.0.0.1:80',
  ],
  ['a cause with a code and no message', new Error('no', { cause: withCode('', 'EPIPE') }), 'no: EPIPE'],
  [
    'a cause that the message tells already',
    new Error('failed: reset', { cause: new Error('reset') }),
    'failed: reset',
  ],
  [
    'a cause with a code that the message tells already',
    new Error('failed: too new', { cause: withCode('too new', 'store_unusable') }),
    'failed: too new',
  ],
  ['a cause that is no error', new Error('failed', { cause: 'reset' }), 'failed'],
  ['a thrown text', 'oops', 'oops'],
  ['nothing at all', undefined, 'undefined'],
])('the text of %s is all that is known of it', (_what, thrown, text) => {
  expect(errorText(thrown)).toBe(text);
});

it('a store that cannot answer says why, and when to come back', () => {
  const cause = new Error('disk');
  const error = new StoreUnavailable('store_full', 'no room', { cause });
  expect(error).toMatchObject({
    name: 'StoreUnavailable',
    code: 'store_full',
    message: 'no room',
    retryAfterSeconds: 5,
    cause,
  });
});

it('a configuration error lists its problems, one on each line', () => {
  const error = new ConfigError(['PORT: bad', 'HOST: worse']);
  expect(error.code).toBe('config_invalid');
  expect(error.problems).toEqual(['PORT: bad', 'HOST: worse']);
  expect(error.message).toBe('the configuration is invalid:\n  PORT: bad\n  HOST: worse');
});
