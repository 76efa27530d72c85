import type { Session } from './access/sessions.ts';
import type { NodeBindings } from './headers.ts';

/** What Hono's context holds: our middleware's variables, and Node's request and answer when there is a server in front. */
export interface HttpEnv {
  Variables: {
    requestId: string;
    address: string;
    /** The session that let the request in, if one did. */
    session?: Session;
    /** The request has no log line of its own, and is counted in another. */
    isCounted?: boolean;
  };
  Bindings: NodeBindings;
}
