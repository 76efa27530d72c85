// Which part of the network an address belongs to.
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** A URL's host name as an address, or null when it is a name. */
export const literalAddress = (hostname: string): string | null => {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(address) === 0 ? null : address;
};

/** An IPv4 address may be written inside an IPv6 one: mapped, or as a NAT64 gateway does (RFC 6052). */
const unwrap = (text: string): ipaddr.IPv4 | ipaddr.IPv6 => {
  const address = ipaddr.process(text);
  return address instanceof ipaddr.IPv6 && address.range() === 'rfc6052'
    ? new ipaddr.IPv4(address.toByteArray().slice(-4))
    : address;
};

/** Whether an address can be anywhere in the internet: not loopback, link-local, private, or reserved. */
export const isPublicAddress = (address: string): boolean =>
  ipaddr.isValid(address) && unwrap(address).range() === 'unicast';

export const isLoopbackHost = (hostname: string): boolean => {
  if (/^(.*\.)?localhost\.?$/i.test(hostname)) return true;
  const address = literalAddress(hostname);
  return address !== null && unwrap(address).range() === 'loopback';
};
