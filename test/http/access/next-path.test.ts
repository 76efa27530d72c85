import { expect, it } from 'vitest';
import { nextPath } from '../../../src/http/access/next-path.ts';
import { createBasePath } from '../../../src/http/base-path.ts';

const none = createBasePath(null);
const signals = createBasePath('https://ops.test/signals');

it.each([
  ['/', '/'],
  ['/events', '/events'],
  ['/events?state=open&q=a%20b#evt_1', '/events?state=open&q=a%20b#evt_1'],
  ['/events/a%2F%2Fb', '/events/a%2F%2Fb'],
  ['/a/../events', '/events'],
  ['/ü', '/%C3%BC'],
])('after signing in one goes on to %s as %s', (asked, path) => {
  expect(nextPath(asked, none)).toBe(path);
});

it.each([
  undefined,
  '',
  'events',
  '?a',
  'https://evil.test/',
  'HTTPS://evil.test/',
  'https:/evil.test/',
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.test',
  '//evil.test/%2f..',
  '///evil.test',
  '/\\evil.test',
  '/\\/evil.test',
  '\\\\evil.test',
  '/\t/evil.test',
  '/\n/evil.test',
  '\t//evil.test',
  ' //evil.test',
  '/.//evil.test',
  '/a/..//evil.test',
  '/%2e%2e//evil.test',
  '//here.invalid@evil.test',
  '//[',
  '/login',
  '/login?next=/login',
])('after signing in nobody is sent to %j', (asked) => {
  expect(nextPath(asked, none)).toBe('/');
});

it.each([
  ['/signals/events?a=1', '/events?a=1'],
  ['/events', '/events'],
  ['/signals', '/'],
  ['/signalsx', '/signalsx'],
  ['/signals/login', '/'],
  ['/signals//evil.test', '/'],
])('under a base path %s is %s of this service', (asked, path) => {
  expect(nextPath(asked, signals)).toBe(path);
});
