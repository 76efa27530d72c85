/** What our middleware puts into Hono's context. */
export interface HttpEnv {
  Variables: { requestId: string };
}
