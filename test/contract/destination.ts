// What every kind of destination that speaks HTTP must do. A kind's own test calls this with how to make one.
import { HttpResponse, http } from 'msw';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Destination, SendRequest } from '../../src/sinks/destination.ts';
import { closedPort, startHttpServer } from '../support/http-server.ts';
import { network } from '../support/network.ts';
import { aDelivery, anAlert, aRequest, tellable } from '../support/telling.ts';

export interface SubjectOptions {
  readonly url: string;
  /** What it shows to prove who it is. */
  readonly secret: string;
  readonly timeoutMs: number;
}

export interface DestinationSubject {
  readonly create: (options: SubjectOptions) => Destination;
  /** Where it posts, at the network's edge. */
  readonly url: string;
  /** What the real one answers when it takes a message. */
  readonly accept: () => Response;
  /** 2xx that mean nothing to this kind. */
  readonly odd: readonly number[];
  /** Into how many parts a kind of several requests divides its time-out. */
  readonly timeoutFactor?: number;
  /** The path is itself a secret, and never shown. */
  readonly hasSecretPath?: boolean;
}

export const secret = 'S3cret0123456789abcdefABCDEF0123';
const pathSecret = 'T0K3Ninpath987654321';

const statuses = [
  [300, 'transient'],
  [400, 'permanent'],
  [401, 'permanent'],
  [403, 'permanent'],
  [404, 'permanent'],
  [408, 'transient'],
  [410, 'permanent'],
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
  ['86400', 503, 'throttled', 900_000],
  ['999999999999', 429, 'throttled', 900_000],
  ['Sun, 01 Mar 2026 12:02:00 GMT', 429, 'throttled', 120_000],
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

const actions = ['trigger', 'update', 'resolve'] as const;
export const requestOf = (action: (typeof actions)[number]): SendRequest => {
  const delivery = aDelivery({ action });
  const isOver = action === 'resolve' ? ({ state: 'resolved', resolved_at: '2026-03-01T13:00:00.000Z' } as const) : {};
  return aRequest({ delivery, alert: anAlert({ deliveries: [delivery], ...isOver }) });
};

/** Texts as vendors should not write them, but do. */
const hostile = [
  'x'.repeat(1_000_000),
  '\ud83d',
  'a\0b',
  '<script>&amp;"\'`*_~|@channel<!here>',
  '😀'.repeat(5000),
  '\n\n\r',
];

export const destinationContract = (name: string, subject: DestinationSubject): void => {
  const { create, url, accept, odd, hasSecretPath = false, timeoutFactor = 1 } = subject;
  const timeoutMs = 10_000;
  const destination = create({ url, secret, timeoutMs });
  const at = (origin: string, path = new URL(url).pathname) => create({ url: `${origin}${path}`, secret, timeoutMs });
  const answer = (respond: (request: Request) => Response | Promise<Response>) =>
    network.use(http.all(url, ({ request }) => respond(request)));
  const requestsOf = () => {
    const requests: Request[] = [];
    answer((request) => {
      requests.push(request.clone());
      return accept();
    });
    return requests;
  };

  describe(name, () => {
    afterEach(() => {
      vi.useRealTimers();
    });

    it.each(actions)('a %s that the real one takes is delivered', async (action) => {
      answer(accept);
      expect(await destination.send(requestOf(action))).toMatchObject({ outcome: 'delivered' });
    });

    it.each(odd)('a %i says nothing, and is tried again', async (status) => {
      answer(() => new HttpResponse(status === 204 ? null : '<html>Welcome to our hotel</html>', { status }));
      expect(await destination.send(aRequest())).toMatchObject({
        outcome: 'unknown',
        statusCode: status,
        error: expect.stringContaining(`HTTP ${status} does not say that it was accepted`),
      });
    });

    it('posts JSON and sends the request id on', async () => {
      const requests = requestsOf();
      await destination.send(aRequest({ requestId: 'req.abc-123' }));
      expect(requests[0]?.headers.get('x-request-id')).toBe('req.abc-123');
      expect(requests[0]?.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await requests[0]?.json()).toEqual(expect.anything());
    });

    it.each(actions)('shows the request of a %s as it makes it, but for its secrets', async (action) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T12:00:00.000Z') });
      const requests = requestsOf();
      await destination.send(requestOf(action));
      const preview = destination.preview(requestOf(action));
      const [sent] = requests;
      expect(preview.method).toBe(sent?.method);
      expect(new URL(preview.url ?? '').origin).toBe(new URL(sent?.url ?? '').origin);
      const shown = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(secret, '(set)'));
      expect(shown(await sent?.json())).toEqual(preview.body);
      const isShown = ([, value]: readonly [string, string]) => !value.includes('(set)');
      const headers = Object.fromEntries(Object.entries(preview.headers).filter(isShown));
      expect(Object.fromEntries(sent?.headers ?? [])).toMatchObject(headers);
    });

    it('no preview shows a secret, nor one in the path of its address', () => {
      for (const action of actions) {
        const shown = JSON.stringify(at('https://other.test', `/v2/${pathSecret}/enqueue`).preview(requestOf(action)));
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain(pathSecret);
        if (hasSecretPath) expect(destination.preview(requestOf(action)).url).not.toContain(new URL(url).pathname);
      }
    });

    it('sends on what ties the request to a trace', async () => {
      const requests = requestsOf();
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      await destination.send(aRequest({ traceHeaders: { traceparent } }));
      expect(requests[0]?.headers.get('traceparent')).toBe(traceparent);
    });

    it.each(statuses)('%i is %s', async (status, outcome) => {
      answer(() => new HttpResponse('no', { status }));
      const result = await destination.send(aRequest());
      expect(result).toMatchObject({ outcome, statusCode: status, retryAfterMs: null });
      expect(result).toHaveProperty('error', expect.stringContaining(`HTTP ${status}`));
    });

    it.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
      let followed = 0;
      network.use(
        http.all('https://elsewhere.test/', () => {
          followed += 1;
          return accept();
        }),
      );
      answer(() => new HttpResponse(null, { status, headers: { location: 'https://elsewhere.test/' } }));
      expect(await destination.send(aRequest())).toMatchObject({ outcome: 'transient', statusCode: status });
      expect(followed).toBe(0);
    });

    it.each(retryAfters)('Retry-After "%s" with %i is %s', async (header, status, outcome, retryAfterMs) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-03-01T12:00:00.000Z') });
      answer(() => new HttpResponse(null, { status, headers: { 'retry-after': header } }));
      expect(await destination.send(aRequest())).toMatchObject({ outcome, statusCode: status, retryAfterMs });
    });

    it('an answer that does not come in time is unknown', async () => {
      const origin = await startHttpServer(() => undefined);
      // Time enough to connect on a busy machine: without a connection it would be transient.
      const slow = create({ url: `${origin}${new URL(url).pathname}`, secret, timeoutMs: 1000 * timeoutFactor });
      expect(await slow.send(aRequest())).toMatchObject({
        outcome: 'unknown',
        statusCode: null,
        error: 'no answer within 1000 ms',
        retryAfterMs: null,
      });
    });

    it('a refused connection is transient, for nothing was sent', async () => {
      const result = await at(`http://127.0.0.1:${await closedPort()}`).send(aRequest());
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
      expect(await at(origin).send(aRequest())).toMatchObject({ outcome: 'unknown', statusCode: null });
      expect(JSON.parse(arrived)).toEqual(expect.anything());
    });

    it('a refusal counts although its body never ends, and the connection is closed', async () => {
      const closed = Promise.withResolvers<void>();
      const origin = await startHttpServer((request, response) => {
        request.socket.on('close', closed.resolve);
        response.writeHead(400);
        const more = () => {
          while (response.write('x'.repeat(16_384)));
        };
        response.on('drain', more);
        more();
      });
      expect(await at(origin).send(aRequest())).toMatchObject({ outcome: 'permanent', statusCode: 400 });
      await closed.promise;
    });

    it.each(bodies)('a refusal whose body is %s keeps its class, with a short error of one line', async (_, body) => {
      answer(() => new HttpResponse(body, { status: 400 }));
      const result = await destination.send(aRequest());
      expect(result).toMatchObject({ outcome: 'permanent', statusCode: 400 });
      expect(result).toHaveProperty('error', expect.stringMatching(/^[^\r\n]{0,500}$/));
    });

    it.each([400, 200, 503])(
      'a server that echoes everything with %i gets no secret into the error',
      async (status) => {
        const origin = await startHttpServer((request, response) => {
          const chunks: Buffer[] = [];
          request.on('data', (chunk: Buffer) => chunks.push(chunk));
          request.on('end', () => {
            response.writeHead(status);
            const body = Buffer.concat(chunks).toString().slice(0, 4000);
            response.end(
              `${request.url} ${encodeURIComponent(request.url ?? '')} ${JSON.stringify(request.headers)} ${body}`,
            );
          });
        });
        const result = await at(origin, `/v2/${pathSecret}/enqueue`).send(aRequest());
        const text = JSON.stringify(result);
        expect(text).not.toContain(secret);
        expect(text).not.toContain(pathSecret);
      },
    );

    it.each(actions)('a %s with texts as no vendor should write them is still a message', async (action) => {
      const requests = requestsOf();
      for (const text of hostile) {
        const { delivery, alert } = requestOf(action);
        const about = tellable(
          { summary: text, description: text, service: text, event_id: `evt_${text.slice(0, 300)}` },
          { page_name: text, group: text, reason: text, url: text, components: [text, text], account: text },
        );
        const request = aRequest({ delivery, alert: { ...alert, title: text }, about, others: [about, about] });
        expect(await destination.send(request)).toMatchObject({ outcome: 'delivered' });
        expect(() => destination.preview(request)).not.toThrow();
      }
      expect(requests.length).toBeGreaterThanOrEqual(hostile.length);
    });
  });
};
