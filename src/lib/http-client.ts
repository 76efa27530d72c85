// What all our HTTP clients share: which connection a request goes over, and whether that is a proxy's. Built on Node's
// own agents, which can be set for each request; NO_PROXY is read here, so that there is one answer to "is it proxied?".
import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { isLoopbackHost } from './addresses.ts';

export interface ProxySettings {
  /** For https URLs. */
  readonly https: string | null;
  /** For http URLs. */
  readonly http: string | null;
  /** Hosts that are asked directly: `example.com`, `.example.com`, `10.0.0.5`, `example.com:8080`, or `*` for all. */
  readonly noProxy: readonly string[];
}

export const noProxySettings: ProxySettings = { https: null, http: null, noProxy: [] };

/** How requests to one address are made. */
export interface Route {
  readonly isSecure: boolean;
  readonly options: Readonly<Pick<http.RequestOptions, 'protocol' | 'hostname' | 'port' | 'path' | 'auth' | 'agent'>>;
}

export interface HttpClient {
  agentFor(url: URL): http.Agent;
  /** For an address that is asked again and again, which is read once. Throws for what is no address. */
  routeTo(address: string): Route;
  /** Whether a proxy stands between: the address of the host is unknown then. */
  isProxied(url: URL): boolean;
  /** Ends connections that were kept. */
  close(): void;
}

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Whether an entry of NO_PROXY names this host: itself, or a domain that it is under. */
const names = (entry: string, { hostname, port, protocol }: URL): boolean => {
  if (entry === '*') return true;
  // A bare IPv6 address has colons of its own.
  const [, host = '', entryPort] = /^([^:]*|\[.*\]|.*:.*:.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (entryPort !== undefined && entryPort !== (port || defaultPorts[protocol])) return false;
  const domain = host.replace(/^\*?\./, '');
  const isDomain = domain !== '' && hostname.endsWith(`.${domain}`);
  return isDomain || hostname === domain || hostname === `[${domain}]`;
};

/** As many destinations as are likely. When there are more, all are read again. */
const maxRoutes = 200;

/** @param options of the agents; connections are kept by default */
export const createHttpClient = (
  { https: secure, http: plain, noProxy }: ProxySettings,
  options: http.AgentOptions = { keepAlive: true },
): HttpClient => {
  const direct = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  const proxied = {
    'http:': plain === null ? null : new http.Agent({ ...options, proxyEnv: { HTTP_PROXY: plain } }),
    'https:': secure === null ? null : new https.Agent({ ...options, proxyEnv: { HTTPS_PROXY: secure } }),
  };
  const schemeOf = ({ protocol }: URL) => (protocol === 'https:' ? 'https:' : 'http:');
  const proxiedAgent = (url: URL): http.Agent | null =>
    isLoopbackHost(url.hostname) || noProxy.some((entry) => names(entry, url)) ? null : proxied[schemeOf(url)];

  const agentFor = (url: URL): http.Agent => proxiedAgent(url) ?? direct[schemeOf(url)];
  const routes = new Map<string, Route>();

  const readRoute = (address: string): Route => {
    const url = new URL(address);
    const { protocol, hostname, port, path, auth } = urlToHttpOptions(url);
    return { isSecure: protocol === 'https:', options: { protocol, hostname, port, path, auth, agent: agentFor(url) } };
  };

  return {
    agentFor,
    routeTo(address) {
      const known = routes.get(address);
      if (known) return known;
      const route = readRoute(address);
      if (routes.size >= maxRoutes) routes.clear();
      routes.set(address, route);
      return route;
    },
    isProxied: (url) => proxiedAgent(url) !== null,
    close() {
      for (const agent of [...Object.values(direct), ...Object.values(proxied)]) agent?.destroy();
    },
  };
};
