// What every sink must do, whatever it talks to. A sink's own test calls this with how to make one.
import { delay, HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { owe } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createDeliverer } from '../../src/sinks/deliverer.ts';
import type { SendRequest, Sink } from '../../src/sinks/destination.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { closedPort, startHttpServer } from '../support/http-server.ts';
import { collectLog } from '../support/log.ts';
import { network } from '../support/network.ts';

export interface SinkOptions {
  readonly url: string;
  /** What the sink shows to prove who it is. */
  readonly secret: string;
  readonly timeoutMs: number;
}

export interface SinkSubject {
  readonly create: (options: SinkOptions) => Sink;
  /** Where it posts, at the network's edge. */
  readonly url: string;
}

export const anEvent = (more: Partial<UnifiedEvent> = {}): UnifiedEvent => ({
  event_id: 'evt_1',
  source: 'stripe',
  kind: 'payment',
  severity: 'critical',
  service: 'stripe',
  summary: 'payout.failed: po_1',
  description: 'The bank account is closed.',
  started_at: '2026-03-01T12:00:00.000Z',
  resolved_at: null,
  raw: { id: 'evt_1' },
  ...more,
});

export const aRequest = (more: Partial<SendRequest> = {}): SendRequest => ({
  action: 'trigger',
  event: anEvent(),
  requestId: 'req-1',
  ...more,
});

const secret = 'S3cret0123456789abcdefABCDEF0123';

const statuses = [
  [300, 'transient'],
  [400, 'permanent'],
  [401, 'permanent'],
  [403, 'permanent'],
  [404, 'permanent'],
  [408, 'transient'],
  [422, 'permanent'],
  [429, 'throttled'],
  [500, 'transient'],
  [502, 'unknown'],
  [503, 'transient'],
  [504, 'unknown'],
] as const;

const retryAfters = [
  ['120', 429, 'throttled', 120_000],
  ['0', 429, 'throttled', 0],
  ['Sun, 01 Mar 2026 12:02:00 GMT', 429, 'throttled', 120_000],
  ['Sun, 01 Mar 2026 12:02:00 GMT', 503, 'throttled', 120_000],
  ['Sun, 01 Mar 2026 11:00:00 GMT', 503, 'throttled', 0],
  ['120', 408, 'throttled', 120_000],
  ['120', 504, 'unknown', 120_000],
  ['120', 400, 'permanent', 120_000],
  ['soon', 503, 'transient', null],
] as const;

const bodies = [
  ['empty', ''],
  ['not JSON', '<html><body>Bad Gateway</body></html>'],
  ['half of a JSON', '{"status"'],
  ['larger than is read', 'x'.repeat(1_000_000)],
  ['of many lines', 'a\r\n'.repeat(2000)],
  ['not UTF-8', new Uint8Array([0xff, 0xfe, 0x00])],
] as const;

export const sinkContract = (name: string, { create, url }: SinkSubject): void => {
  const sinkAt = (origin: string) => create({ url: `${origin}${new URL(url).pathname}`, secret, timeoutMs: 10_000 });
  const sink = create({ url, secret, timeoutMs: 10_000 });
  const answer = (respond: (request: Request) => Response | Promise<Response>) =>
    network.use(http.post(url, ({ request }) => respond(request)));

  describe(name, () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it.each([200, 201, 202, 204])('%i is delivered', async (status) => {
      answer(() => new HttpResponse(null, { status }));
      expect(await sink.send(aRequest())).toEqual({ outcome: 'delivered', statusCode: status });
    });

    it('posts JSON and sends the request id on', async () => {
      const requests: Request[] = [];
      answer((request) => {
        requests.push(request.clone());
        return new HttpResponse(null, { status: 202 });
      });
      await sink.send(aRequest({ requestId: 'req.abc-123' }));
      expect(requests).toHaveLength(1);
      expect(requests[0]?.headers.get('x-request-id')).toBe('req.abc-123');
      expect(requests[0]?.headers.get('content-type')).toBe('application/json');
      expect(await requests[0]?.json()).toEqual(expect.any(Object));
    });

    it.each(['trigger', 'resolve'] as const)(
      'tells the request of a %s as it makes it, but for its secret',
      async (action) => {
        const requests: Request[] = [];
        answer((request) => {
          requests.push(request.clone());
          return new HttpResponse(null, { status: 202 });
        });
        const asked = aRequest({ action });
        await sink.send(asked);
        const preview = sink.preview(asked);
        const [sent] = requests;
        expect(JSON.stringify(preview)).not.toContain(secret);
        expect(preview).toMatchObject({ method: sent?.method, url: sent?.url });
        const told = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(secret, '(set)'));
        expect(told(await sent?.json())).toEqual(preview.body);
        expect(told(Object.fromEntries(sent?.headers ?? []))).toMatchObject(preview.headers);
      },
    );

    it('sends on what ties the request to a trace', async () => {
      const headers: Headers[] = [];
      answer((request) => {
        headers.push(request.headers);
        return new HttpResponse(null, { status: 202 });
      });
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await sink.send(aRequest({ traceHeaders: { traceparent } }));
      expect(headers[0]?.get('traceparent')).toBe(traceparent);
    });

    it.each(statuses)('%i is %s', async (status, outcome) => {
      answer(() => new HttpResponse('no', { status }));
      expect(await sink.send(aRequest())).toEqual({
        outcome,
        statusCode: status,
        error: `HTTP ${status} no`,
        retryAfterMs: null,
      });
    });

    it.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
      let followed = 0;
      network.use(
        http.all('https://elsewhere.test/', () => {
          followed += 1;
          return new HttpResponse(null, { status: 200 });
        }),
      );
      answer(() => new HttpResponse(null, { status, headers: { location: 'https://elsewhere.test/' } }));
      expect(await sink.send(aRequest())).toMatchObject({ outcome: 'transient', statusCode: status });
      expect(followed).toBe(0);
    });

    it.each(retryAfters)('Retry-After "%s" with %i is %s', async (header, status, outcome, retryAfterMs) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T12:00:00.000Z') });
      answer(() => new HttpResponse(null, { status, headers: { 'retry-after': header } }));
      expect(await sink.send(aRequest())).toMatchObject({ outcome, statusCode: status, retryAfterMs });
    });

    it('an answer that does not come in time is unknown', async () => {
      answer(async () => {
        await delay('infinite');
        return new HttpResponse(null, { status: 202 });
      });
      expect(await create({ url, secret, timeoutMs: 20 }).send(aRequest())).toEqual({
        outcome: 'unknown',
        statusCode: null,
        error: 'no answer within 20 ms',
        retryAfterMs: null,
      });
    });

    it('a refused connection is transient, for nothing was sent', async () => {
      const result = await sinkAt(`http://127.0.0.1:${await closedPort()}`).send(aRequest());
      expect(result).toMatchObject({ outcome: 'transient', statusCode: null, retryAfterMs: null });
      expect(result).toHaveProperty('error', expect.stringContaining('ECONNREFUSED'));
    });

    it('a connection that is cut after the request was sent is unknown', async () => {
      let arrived = '';
      const origin = await startHttpServer((request) => {
        request.on('data', (chunk) => {
          arrived += chunk;
        });
        request.on('end', () => request.socket.destroy());
      });
      expect(await sinkAt(origin).send(aRequest())).toMatchObject({ outcome: 'unknown', statusCode: null });
      expect(JSON.parse(arrived)).toEqual(expect.any(Object));
    });

    it.each([
      [202, 'delivered'],
      [400, 'permanent'],
    ] as const)('%i counts although its body never ends, and the connection is closed', async (status, outcome) => {
      const closed = Promise.withResolvers<void>();
      const origin = await startHttpServer((request, response) => {
        request.socket.on('close', closed.resolve);
        response.writeHead(status);
        const more = () => {
          while (response.write('x'.repeat(16_384)));
        };
        response.on('drain', more);
        more();
      });
      expect(await sinkAt(origin).send(aRequest())).toMatchObject({ outcome, statusCode: status });
      await closed.promise;
    });

    it.each(bodies)('a refusal whose body is %s keeps its class, with a short error of one line', async (_, body) => {
      answer(() => new HttpResponse(body, { status: 400 }));
      const result = await sink.send(aRequest());
      expect(result).toMatchObject({ outcome: 'permanent', statusCode: 400 });
      expect(result).toHaveProperty('error', expect.stringMatching(/^HTTP 400[^\r\n]{0,492}$/));
    });

    it.each(bodies)('a 2xx whose body is %s is delivered', async (_, body) => {
      answer(() => new HttpResponse(body, { status: 202 }));
      expect(await sink.send(aRequest())).toEqual({ outcome: 'delivered', statusCode: 202 });
    });

    it('its secret reaches neither the error nor the log nor the store, even when the answer echoes it', async () => {
      answer(() => HttpResponse.json({ errors: [`the key ${secret} is wrong`, secret] }, { status: 400 }));
      const logged = collectLog('trace');
      const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
      const bus = createBus();
      const deliverer = createDeliverer({
        store,
        bus,
        sinks: [sink],
        limits: { retryMinMs: 1000, retryMaxMs: 1000, maxAgeSeconds: 60, concurrency: 1, timeoutMs: 10_000 },
        log: logged.log,
        now: Date.now,
        random: () => 1,
        onRoom: () => undefined,
      });
      const event = anEvent();
      const at = event.started_at;
      const { destination } = sink;
      const { reachesPeople: reaches_people } = sink;
      const about = {
        event_id: event.event_id,
        destination,
        action: 'trigger',
        cycle: 1,
        request_id: 'req-1',
      } as const;
      const delivery = owe({ ...about, reaches_people }, Date.now());
      await store.change(event.event_id, () => ({
        result: undefined,
        record: {
          event,
          subject: event.event_id,
          vendor_updated_at: null,
          test_mode: false,
          first_seen_at: at,
          last_seen_at: at,
          seen_count: 1,
          version: 1,
          routed_version: 1,
          routed: true,
          routing_reason: null,
          request_id: 'req-1',
          deliveries: [delivery],
        },
      }));
      const ids = { signalId: 'sig-1', requestId: 'req-1', eventId: event.event_id };
      bus.publish('delivery.queued', { ...ids, deliveryIds: [delivery.id], triggered: true });
      await deliverer.idle();

      const detail = await store.read(event.event_id);
      expect(detail?.record.deliveries[0]?.last_error).toBe(
        'HTTP 400 {"errors":["the key [redacted] is wrong","[redacted]"]}',
      );
      expect(logged.of('delivery.failed')).toHaveLength(1);
      expect(logged.text()).not.toContain(secret);
      expect(JSON.stringify([detail?.record, detail?.history, [...(detail?.attempts ?? [])]])).not.toContain(secret);
    });
  });
};
