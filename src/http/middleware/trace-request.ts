import { createMiddleware } from 'hono/factory';
import type { Tracer } from '../../lib/tracer.ts';
import type { HttpEnv } from '../env.ts';
import { routeOf } from '../route-of.ts';

/** What is asked every few seconds, and tells nothing. */
const quiet: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** A span for each request, in the caller's trace if its `traceparent` is valid. */
export const traceRequest = (tracer: Tracer) =>
  createMiddleware<HttpEnv>((c, next) => {
    if (quiet.has(c.req.path)) return next();
    const { method } = c.req;
    return tracer.span(
      method,
      { 'http.request.method': method },
      async (span) => {
        await next();
        const [route, { status }] = [routeOf(c), c.res];
        span.rename(`${method} ${route}`);
        span.set({ request_id: c.get('requestId'), 'http.route': route, 'http.response.status_code': status });
        if (status >= 500) span.fail(`answered ${status}`);
      },
      { kind: 'server', continues: (name) => c.req.header(name) },
    );
  });
