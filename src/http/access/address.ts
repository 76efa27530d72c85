// Who is asking, as far as limits are concerned. X-Forwarded-For is believed from proxies that the operator named, and
// from nobody else: a client that may write it freely has a new address for every try.
import { isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** From the address that a connection came from, and the header X-Forwarded-For, to whom the request counts for. */
export type ReadAddress = (connected: string, forwardedFor: string | undefined) => string;

/** One subscriber has a whole /64 of IPv6 addresses, so that is what counts as one. */
const limitedAs = (address: string): string => {
  if (isIPv4(address)) return address;
  if (isIP(address) === 0) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = [...parsed.toByteArray().slice(0, 8), ...new Array<number>(8).fill(0)];
  return `${ipaddr.fromByteArray(network)}/64`;
};

/** Some proxies write the client's port too, as Azure's do: `203.0.113.9:4711`, `[2001:db8::1]:443`. */
const withoutPort = (hop: string): string => {
  const [, ipv6, other] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(hop) ?? [];
  return ipv6 ?? other ?? hop;
};

/**
 * @param trustedProxies addresses, and networks such as `10.0.0.0/8`
 * @param onUntrusted told of an address that sends X-Forwarded-For and is not among them
 */
export const createReadAddress = (
  trustedProxies: readonly string[],
  onUntrusted: (address: string) => void = () => undefined,
): ReadAddress => {
  const networks = trustedProxies.map((network) => {
    if (network.includes('/')) return ipaddr.parseCIDR(network);
    const address = ipaddr.process(network);
    return [address, address.kind() === 'ipv4' ? 32 : 128] as const;
  });
  const isTrusted = (address: string): boolean => {
    if (networks.length === 0 || isIP(address) === 0) return false;
    const parsed = ipaddr.process(address);
    return networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
  };

  return (connected, forwardedFor = '') => {
    let client = connected;
    if (forwardedFor !== '' && !isTrusted(connected)) onUntrusted(connected);
    // Each proxy appends whom it was asked by; so the list is read from its end, as long as the proxies are known.
    for (const hop of forwardedFor.split(',').reverse()) {
      const address = withoutPort(hop.trim());
      if (!isTrusted(client) || isIP(address) === 0) break;
      client = address;
    }
    return limitedAs(client);
  };
};
