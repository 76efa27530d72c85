import { request as httpRequest } from 'node:http';
import { startHttpServer } from './http-server.ts';

export interface ProxyOptions {
  /** Leave out the path of the service. */
  readonly strips: boolean;
  /** Ask the service by its own name instead of the one in the browser. */
  readonly renames: boolean;
}

/** A proxy that has the service under /signals/, and nothing beside it. */
export const startPathProxy = (to: () => string, { strips, renames }: ProxyOptions): Promise<string> =>
  startHttpServer((request, response) => {
    const { url = '/', method, headers } = request;
    if (!url.startsWith('/signals')) {
      response.writeHead(404).end('the proxy has nothing here');
      return;
    }
    const { host: _host, ...others } = headers;
    const path = strips ? url.slice('/signals'.length) || '/' : url;
    // A connection of its own for each: a kept one may be closed by the service just as a request goes out.
    const options = { method, headers: renames ? others : headers, agent: false };
    const asked = httpRequest(new URL(path, to()), options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      response.on('close', () => answer.destroy());
    });
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
