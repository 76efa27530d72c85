// A proxy on the loopback that notes what it is asked for, and leads everything to one place.
import { createServer, get } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { portOf } from './http-server.ts';

export interface Proxy {
  readonly url: string;
  /** Method and target of each request. */
  readonly asked: string[];
}

export const startProxy = async (target: string): Promise<Proxy> => {
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    get(target, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
  });
  proxy.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const port = portOf(proxy);
  return { url: `http://127.0.0.1:${port}`, asked };
};
