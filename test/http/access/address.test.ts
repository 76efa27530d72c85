import { expect, it } from 'vitest';
import { createReadAddress } from '../../../src/http/access/address.ts';

it.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['::1', '::/64'],
  ['', 'unknown'],
])('a connection from %j counts for %s', (connected, address) => {
  expect(createReadAddress([])(connected, undefined)).toBe(address);
});

it('X-Forwarded-For is not believed from anybody by default, nor from who is not named', () => {
  expect(createReadAddress([])('10.0.0.1', '203.0.113.9')).toBe('10.0.0.1');
  expect(createReadAddress(['10.0.0.0/8'])('198.51.100.1', '203.0.113.9')).toBe('198.51.100.1');
});

it.each([
  ['the one client', '203.0.113.9', '203.0.113.9'],
  ['the client before two proxies', '203.0.113.9, 10.9.9.9', '203.0.113.9'],
  ['the nearest that is no proxy, whatever it says itself', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['a client within the network, when all are', '10.7.7.7,10.9.9.9', '10.7.7.7'],
  ['the proxy, before something that is no address', '203.0.113.9, unknown', '10.0.0.1'],
  ['a client with a port', '203.0.113.9:4711', '203.0.113.9'],
  ['a client before a proxy, each with a port', '203.0.113.9:4711, 10.9.9.9:80', '203.0.113.9'],
  ['a client with an IPv6 address and a port', '[2001:db8:1:2:3::]:443', '2001:db8:1:2::/64'],
  ['a client with an IPv6 address in brackets', '[2001:db8:1:2:3::]', '2001:db8:1:2::/64'],
  ['the proxy, before a port without an address', ':4711', '10.0.0.1'],
  ['the proxy, before something with a port that is no address', 'unknown:4711', '10.0.0.1'],
  ['the proxy, when it names nobody', '', '10.0.0.1'],
  ['a client with an IPv6 address', '2001:db8:1:2:3::', '2001:db8:1:2::/64'],
])('a trusted proxy is asked by %s', (_, forwardedFor, address) => {
  expect(createReadAddress(['10.0.0.0/8'])('10.0.0.1', forwardedFor)).toBe(address);
  expect(createReadAddress(['192.0.2.1', '10.0.0.0/8'])('::ffff:10.0.0.1', forwardedFor)).toBe(address);
});

it.each([
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.2', '10.0.0.1', false],
  ['2001:db8::7', '2001:db8::/32', true],
  ['2001:db9::7', '2001:db8::/32', false],
  ['2001:db8::7', '2001:db8::7', true],
  ['2001:db8::8', '2001:db8::7', false],
  ['10.0.0.1', '::ffff:10.0.0.1', true],
  ['10.0.0.1', '::/0', false],
])('a proxy at %s is trusted under %s: %s', (remote, trusted, isTrusted) => {
  expect(createReadAddress([trusted])(remote, '203.0.113.9') === '203.0.113.9').toBe(isTrusted);
});
