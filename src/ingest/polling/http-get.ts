// One GET over node:http, which lets us see the address that a name stands for before anything is sent to it.
import { lookup } from 'node:dns';
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { literalAddress } from '../../lib/addresses.ts';
import type { HttpClient } from '../../lib/http-client.ts';

/** The host is inside our network, where this request must not lead. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

export interface GetOptions {
  readonly client: HttpClient;
  readonly headers: Readonly<Record<string, string>>;
  readonly abort: AbortSignal;
  readonly isPublic: (address: string) => boolean;
  /** Whether the host has to be a public one. */
  readonly mustBePublic: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed. To be read or destroyed. */
  readonly body: Readable;
  /** The host's address is public, or unknown here. */
  readonly isPublicHost: boolean;
}

const decompressors = new Map<string, () => NodeJS.ReadWriteStream & Readable>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['br', () => createBrotliDecompress()],
  ['deflate', () => createInflate()],
  ['zstd', () => createZstdDecompress()],
]);

const decompressed = (response: http.IncomingMessage): Readable => {
  const decompress = decompressors.get(response.headers['content-encoding']?.toLowerCase() ?? '')?.();
  if (!decompress) return response;
  // An error on either side destroys the result, and is thrown to its reader.
  pipeline(response, decompress, () => undefined);
  return decompress;
};

/** Tells which addresses a name stands for, and refuses them if they may not be asked. */
const checkingLookup =
  (allow: (addresses: readonly string[]) => boolean): LookupFunction =>
  (hostname, options, callback) =>
    lookup(hostname, options, (error, found, family) => {
      if (error) return callback(error, found, family);
      const addresses = typeof found === 'string' ? [found] : found.map(({ address }) => address);
      callback(allow(addresses) ? null : new AddressRefused(hostname), found, family);
    });

/** @throws {AddressRefused} and the errors of the connection */
export const get = async (url: URL, options: GetOptions): Promise<Answer> => {
  const { client, headers, abort, isPublic, mustBePublic } = options;
  let isPublicHost = true;
  const allow = (addresses: readonly string[]): boolean => {
    isPublicHost = addresses.some(isPublic);
    return !mustBePublic || addresses.every(isPublic);
  };
  const literal = literalAddress(url.hostname);
  if (literal !== null && !allow([literal])) throw new AddressRefused(url.hostname);
  // Behind a proxy, the name that is looked up is the proxy's.
  const isNamed = literal === null && !client.isProxied(url);

  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get(url, {
      agent: client.agentFor(url),
      headers: { 'accept-encoding': 'gzip, br, deflate', ...headers },
      signal: abort,
      ...(isNamed && { lookup: checkingLookup(allow) }),
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      resolve({ status, headers: answered, body: decompressed(response), isPublicHost });
    });
  });
};
