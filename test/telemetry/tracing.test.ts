import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { noTracer } from '../../src/lib/tracer.ts';
import { startTracing } from '../../src/telemetry/tracing.ts';
import type { ExportChange } from '../../src/telemetry/watch-exporter.ts';
import { startCollector } from '../support/collector.ts';
import { closedPort, startHttpServer } from '../support/http-server.ts';
import { startProcess } from '../support/process.ts';
import { signed, stripeEvent, webhookSecret } from '../support/stripe.ts';

const env = { STRIPE_WEBHOOK_SECRET: webhookSecret };
const lister = fileURLToPath(new URL('../support/list-modules.ts', import.meta.url));

/** Of OpenTelemetry and of the metrics, the packages that a process loads until it has answered a webhook and ended. */
const packagesLoaded = async (more: Readonly<Record<string, string>>): Promise<readonly string[]> => {
  const { child, url, exit, line } = startProcess({ ...env, ...more, NODE_OPTIONS: `--import=${lister}` });
  await line('server.ready');
  expect((await fetch(`${await url()}/ingest/stripe`, signed(stripeEvent('evt_1')))).status).toBe(200);
  child.kill('SIGTERM');
  const { code, stderr } = await exit;
  expect(code).toBe(0);
  return [...new Set(stderr.match(/node_modules\/(@opentelemetry\/[\w-]+|prom-client)/g))].sort();
};

it('loads nothing of OpenTelemetry unless there is a collector, but for the empty API that prom-client loads', async () => {
  expect(await packagesLoaded({})).toEqual(['node_modules/@opentelemetry/api', 'node_modules/prom-client']);
});

it('sends what is left when the process ends, to the collector and with the headers that are configured', async () => {
  const collector = await startCollector();
  const loaded = await packagesLoaded({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20key',
    OTEL_SERVICE_NAME: 'signals-test',
  });
  expect(loaded).toContain('node_modules/@opentelemetry/sdk-trace');
  expect(collector.requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'a key' } });
  expect(collector.resources[0]).toMatchObject({ 'service.name': 'signals-test' });
  expect(collector.spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /ingest/stripe', 'normalize', 'transact', 'trigger pagerduty']),
  );
  // The mock is this service itself: its answer is a step of the same trace.
  const mock = collector.spans.find(({ name }) => name === 'POST /destinations/pagerduty');
  const sent = collector.spans.find(({ name }) => name === 'trigger pagerduty');
  expect([mock?.traceId, mock?.parentSpanId]).toEqual([sent?.traceId, sent?.spanId]);
});

it('a collector that is away is no matter to anybody, and the process ends in time', async () => {
  const endpoint = `http://127.0.0.1:${await closedPort()}`;
  expect(await packagesLoaded({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, SHUTDOWN_GRACE_SECONDS: '5' })).not.toEqual([]);
});

it('a collector that refuses is told of once, and once only', async () => {
  const endpoint = await startHttpServer((_request, response) => response.writeHead(400).end());
  const { child, url, exit, line } = startProcess({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  await line('server.ready');
  await fetch(`${await url()}/events`);
  child.kill('SIGTERM');
  const { code, stdout } = await exit;
  expect(code).toBe(0);
  expect(stdout.match(/"level":"warn".*"msg":"tracing\.export_failed"/g)).toHaveLength(1);
});

it('closing does not wait for a collector that says nothing', async () => {
  const held = Promise.withResolvers<void>();
  const endpoint = await startHttpServer(() => held.resolve());
  const { tracer, close } = await startTracing({ endpoint, headers: {}, serviceName: 's' }, () => undefined);
  await tracer.span('work', {}, async () => undefined);
  const closed = close();
  await held.promise;
  await expect(closed).resolves.toBe(undefined);
});

it('closing does not wait for a collector that has refused what it got already', async () => {
  let asked = 0;
  const held = Promise.withResolvers<void>();
  const endpoint = await startHttpServer(async (_request, response) => {
    asked += 1;
    if (asked > 1) await held.promise;
    response.writeHead(400).end();
  });
  onTestFinished(() => held.resolve());
  const changes = Promise.withResolvers<ExportChange>();
  const { tracer, close } = await startTracing({ endpoint, headers: {}, serviceName: 's' }, changes.resolve);
  // A full batch is sent at once.
  for (let at = 0; at < 512; at++) await tracer.span('work', {}, async () => undefined);
  expect(await changes.promise).toMatchObject({ ok: false });
  await tracer.span('work', {}, async () => undefined);
  // Time stands still: what would wait for it would wait for ever.
  vi.useFakeTimers({ toFake: ['setTimeout'], fakeNodeBuiltins: true });
  onTestFinished(() => void vi.useRealTimers());
  await expect(close()).resolves.toBe(undefined);
});

it('costs nothing and does nothing without a collector', async () => {
  const { tracer, close } = await startTracing({ endpoint: null, headers: {}, serviceName: 's' }, () => undefined);
  expect(tracer).toBe(noTracer);
  const result = await tracer.span('work', {}, async (span) => {
    span.set({ a: 1 });
    span.rename('other');
    span.fail('why');
    return [tracer.traceId(), tracer.headers(), tracer.detached(() => 7)];
  });
  expect(result).toEqual([undefined, {}, 7]);
  await close();
});
