import type { IncomingMessage } from 'node:http';

/** What Hono's context holds: our middleware's variables, and Node's request when there is a server in front. */
export interface HttpEnv {
  Variables: { requestId: string; address: string };
  Bindings: { readonly incoming?: IncomingMessage };
}
