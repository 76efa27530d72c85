// Node-RED with node-red-flow.json: it checks the HMAC over the raw body, tells PagerDuty, and then answers. It is loaded
// from NODE_RED_FOLDER, where node-red.ts of the folder above has installed it, and runs without its editor.
import { createServer, type RequestListener, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As much of Node-RED as is used here. */
interface NodeRed {
  init(server: Server, settings: object): void;
  start(): Promise<void>;
  readonly httpNode: RequestListener;
}

const { NODE_RED_FOLDER: folder = '', HOST: host } = process.env;
const nodeRed: NodeRed = createRequire(join(folder, 'package.json'))('node-red');

const server = createServer((request, response) => nodeRed.httpNode(request, response));
nodeRed.init(server, {
  userDir: folder,
  flowFile: fileURLToPath(new URL('node-red-flow.json', import.meta.url)),
  readOnly: true,
  httpAdminRoot: false,
  // The function node takes node:crypto for the HMAC.
  functionExternalModules: true,
});
await nodeRed.start();
await new Promise<void>((resolve) => server.listen(0, host, resolve));
// The server listens on a TCP port, whose address is an object.
const { port } = server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ msg: 'server.listening', port })}\n`);
process.once('SIGTERM', () => process.exit(0));
