// A collector of traces on the loopback, and a service whose spans it gets.
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import type { Overrides } from '../../src/app.ts';
import { startTracing } from '../../src/telemetry/tracing.ts';
import type { Tracing } from '../../src/telemetry/tracing-port.ts';
import { startHttpServer } from './http-server.ts';
import { type CollectedLog, collectLog } from './log.ts';
import { type Service, startService } from './service.ts';

const attribute = z.object({
  key: z.string(),
  value: z
    .object({ stringValue: z.string().optional(), intValue: z.number().optional() })
    .transform(({ stringValue, intValue }) => stringValue ?? intValue),
});
const attributes = z
  .array(attribute)
  .transform((list): Record<string, unknown> => Object.fromEntries(list.map(({ key, value }) => [key, value])));

const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  attributes,
  status: z.object({ code: z.number(), message: z.string().optional() }),
});
const exportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

export type CollectedSpan = z.infer<typeof spanSchema>;

export interface Collector {
  readonly url: string;
  readonly spans: CollectedSpan[];
  readonly resources: Readonly<Record<string, unknown>>[];
  readonly requests: { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  /** All that was sent, as it was sent. */
  text(): string;
}

export const startCollector = async (): Promise<Collector> => {
  const texts: string[] = [];
  const collector: Omit<Collector, 'url'> = { spans: [], resources: [], requests: [], text: () => texts.join('\n') };
  const url = await startHttpServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    texts.push(text);
    collector.requests.push({ path: request.url ?? '', headers: request.headers });
    for (const { resource, scopeSpans } of exportSchema.parse(JSON.parse(text)).resourceSpans) {
      collector.resources.push(resource.attributes);
      collector.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  return { ...collector, url };
};

export interface TracedService extends Service {
  readonly logged: CollectedLog;
  /** Stops the service, and gives what its collector has got. */
  collected(): Promise<Collector>;
}

/** The whole service in this process, with a collector of its spans. */
export const startTracedService = async (
  env: Readonly<Record<string, string>> = {},
  overrides: Overrides = {},
): Promise<TracedService> => {
  const collector = await startCollector();
  const config = { endpoint: collector.url, headers: {}, serviceName: 'vendor-signals' };
  const tracing: Tracing = await startTracing(config, () => undefined);
  onTestFinished(() => tracing.close());
  const logged = collectLog('debug', tracing.tracer.traceId);
  const service = await startService(env, { log: logged.log, tracer: tracing.tracer, ...overrides });
  return {
    ...service,
    logged,
    async collected() {
      await service.app.stop();
      await tracing.close();
      return collector;
    },
  };
};
