// Real answers, judged by the description that the service itself serves. A route, or a status, that is described and
// has no example here fails; so does an answer that is not as described.
import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aDelivery, anEvent } from '../support/builders.ts';
import { type Operation, readDescription } from '../support/described.ts';
import { accepted, fakePagerDuty, refused } from '../support/pagerduty.ts';
import { type Service, startService } from '../support/service.ts';
import { postToken, signIn } from '../support/sign-in.ts';
import { component, fakePage, incident, summary } from '../support/status-page.ts';
import { signed, stripeEvent } from '../support/stripe.ts';

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
const stripe = (service: Service, payload: unknown) =>
  service.request('/ingest/stripe', signed(payload, service.clock.now()));
const payout = stripeEvent('evt_1');

const token = 'tok_Q2F0cw';
const fromOurPage = { 'sec-fetch-site': 'same-origin' };
const retryOf = (eventId: string) => `/deliveries/${aDelivery({ event_id: eventId }).id}/retry`;
const knownTag = async (request: Service['request'], path: string): Promise<RequestInit> => ({
  headers: { 'if-none-match': (await request(path)).headers.get('etag') ?? '' },
});

/** What gives the described answer, by route and status: of a service that has had a day of it. */
const examples: Readonly<Record<string, (service: Service) => Promise<Response>>> = {
  'POST /ingest/stripe 200': (service) => stripe(service, stripeEvent('evt_new')),
  'POST /ingest/stripe 400': (service) => stripe(service, { ...payout, created: 'yesterday' }),
  'POST /ingest/pull-status 200': ({ request }) => request('/ingest/pull-status', { method: 'POST' }),
  'POST /ingest/pull-status 502': ({ request }) => {
    fakePage().serve(() => new HttpResponse(null, { status: 500 }));
    return request('/ingest/pull-status', { method: 'POST' });
  },
  'GET /pages 200': ({ request }) => request('/pages'),
  'GET /events 200': ({ request }) => request('/events?limit=3'),
  'GET /events 400': ({ request }) => request('/events?limit=0&page=2'),
  'GET /events/{event_id} 200': ({ request }) => request('/events/acme_status:incident:1'),
  'GET /events/{event_id} 400': ({ request }) => request('/events/evt_1?raw=all'),
  'GET /events/{event_id} 404': ({ request }) => request('/events/evt_none'),
  'POST /events/{event_id}/resolve 200': ({ request }) => request('/events/evt_1/resolve', post({ note: 'done' })),
  'POST /events/{event_id}/resolve 400': ({ request }) => request('/events/evt_1/resolve', post({ why: 'done' })),
  'POST /events/{event_id}/resolve 404': ({ request }) => request('/events/evt_none/resolve', { method: 'POST' }),
  'GET /live 200': ({ request }) => request('/live?severity=critical'),
  'GET /live 400': ({ request }) => request('/live?severity=grave'),
  'GET /deliveries 200': ({ request }) => request('/deliveries?limit=3'),
  'GET /deliveries 400': ({ request }) => request('/deliveries?status=lost'),
  'POST /deliveries/retry 200': ({ request }) => request('/deliveries/retry', { method: 'POST' }),
  'POST /deliveries/retry 400': ({ request }) => request('/deliveries/retry', post({ since: 'yesterday' })),
  'POST /deliveries/{id}/retry 200': ({ request }) => request(retryOf('evt_refused'), { method: 'POST' }),
  'POST /deliveries/{id}/retry 404': ({ request }) => request(retryOf('evt_none'), { method: 'POST' }),
  'POST /deliveries/{id}/retry 409': async ({ request }) => {
    await request('/events/evt_refused/resolve', { method: 'POST' });
    return request(retryOf('evt_refused'), { method: 'POST' });
  },
  'POST /routing/explain 200': ({ request }) => request('/routing/explain', post(stripeEvent('evt_new'))),
  'POST /routing/explain 400': ({ request }) => request('/routing/explain', post({})),
  'POST /destinations/pagerduty 202': ({ request }) => request('/destinations/pagerduty', post(anEvent())),
  'POST /destinations/pagerduty 400': ({ request }) => request('/destinations/pagerduty', post({ event_id: '' })),
  'GET /destinations/pagerduty 200': async ({ request }) => {
    await request('/destinations/pagerduty', post(anEvent()));
    return request('/destinations/pagerduty');
  },
  'GET /healthz 200': ({ request }) => request('/healthz'),
  'GET /readyz 200': ({ request }) => request('/readyz'),
  'GET /readyz 503': ({ app, request }) => {
    app.refuse();
    return request('/readyz');
  },
  'GET /metrics 200': ({ request }) => request('/metrics'),
  'GET / 200': ({ request }) => request('/'),
  'GET / 304': async ({ request }) => request('/', await knownTag(request, '/')),
  'GET /assets/{file} 200': ({ request }) => request('/assets/main.js'),
  'GET /assets/{file} 304': async ({ request }) =>
    request('/assets/main.js', await knownTag(request, '/assets/main.js')),
  'GET /assets/{file} 404': ({ request }) => request('/assets/index.html'),
  'GET /session 200': ({ request }) => request('/session'),
  'GET /login 200': async () => (await startService({ API_TOKEN: token })).request('/login'),
  'GET /login 303': ({ request }) => request('/login'),
  'POST /login 303': async () => postToken(await startService({ API_TOKEN: token }), token),
  'POST /login 401': async () => postToken(await startService({ API_TOKEN: token }), 'wrong'),
  'POST /login 400': ({ request }) => request('/login', { method: 'POST' }),
  'POST /logout 303': ({ request }) => request('/logout', { method: 'POST', headers: fromOurPage }),
  'POST /ai/summarize 200': ({ request }) => request('/ai/summarize', post({ text: 'Payments are down.' })),
  'POST /ai/summarize 400': ({ request }) => request('/ai/summarize', post({ text: 7 })),
  'GET /openapi.json 200': ({ request }) => request('/openapi.json'),
  'GET /openapi.json 304': ({ request }) => request('/openapi.json', { headers: { 'if-none-match': '*' } }),
  'GET /docs 200': ({ request }) => request('/docs'),
  'GET /docs 304': ({ request }) => request('/docs', { headers: { 'if-none-match': '*' } }),
  'GET /docs/{file} 200': ({ request }) => request('/docs/swagger-ui.css'),
  'GET /docs/{file} 304': ({ request }) => request('/docs/start.js', { headers: { 'if-none-match': '*' } }),
  'GET /docs/{file} 404': ({ request }) => request('/docs/index.css'),
};

/** What the middleware answers, or the store's absence makes of any route; each is made for all routes at once below. */
const madeForAll = ['403', '413', '429', '500', '503'];
const madeForGuarded = ['303', '401'];

/** Events of every kind: paged, refused, still owed, called off, updated, resolved, opened again; a page gone blind. */
const eventful = async (): Promise<Service> => {
  const pagerDuty = fakePagerDuty();
  pagerDuty.answer = ({ dedup_key: about }) =>
    /evt_refused$/.test(about) ? refused(400) : /evt_owed|incident:2$/.test(about) ? refused(503) : accepted();
  const page = fakePage();
  const service = await startService();
  const poll = async (...incidents: readonly object[]) => {
    service.clock.advance(60_000);
    const updatedAt = new Date(service.clock.now()).toISOString();
    page.serve(summary({ updatedAt, incidents, components: [component('a', 'under_maintenance')] }));
    await service.pull();
  };
  for (const id of ['evt_1', 'evt_1', 'evt_refused', 'evt_owed']) await service.postStripe(stripeEvent(id));
  await poll(incident('1'), incident('2'));
  await poll(incident('1', { name: 'Everything is down' }));
  await poll();
  await poll(incident('1'), { id: '3' });
  return service;
};

it('every route has an example of each answer that is described, and no other', async () => {
  const { operations } = await readDescription(await startService());
  const needed = operations.flatMap(({ name, open, statuses }) => {
    const madeBelow = open ? madeForAll : [...madeForAll, ...madeForGuarded];
    return statuses
      .filter((status) => `${name} ${status}` in examples || !madeBelow.includes(status))
      .map((status) => `${name} ${status}`);
  });
  expect(Object.keys(examples).toSorted()).toEqual(needed.toSorted());
});

it.each(Object.entries(examples))('%s is answered as described', async (key, ask) => {
  const service = await eventful();
  const { operation, expectDescribed } = await readDescription(service);
  const name = key.replace(/ \d+$/, '');
  const response = await ask(service);
  expect(`${name} ${response.status}`).toBe(key);
  await expectDescribed(operation(name), response);
});

it('every event of an eventful day is told as described', async () => {
  const service = await eventful();
  const { operation, expectDescribed } = await readDescription(service);
  const events = await service.events();
  const statuses = new Set(events.flatMap(({ deliveries }) => deliveries.map(({ status }) => status)));
  expect([...statuses].toSorted()).toEqual(['delivered', 'failed', 'pending', 'superseded']);
  for (const { event_id: id } of events) {
    const response = await service.request(`/events/${encodeURIComponent(id)}`);
    await expectDescribed(operation('GET /events/{event_id}'), response);
  }
});

it('an answer with a field that is not described is not as described', async () => {
  const service = await eventful();
  const { problemsOf } = await readDescription(service);
  const { events } = JSON.parse(await (await service.request('/events')).text());
  const list = ['paths', '/events', 'get', 'responses', '200', 'content', 'application/json', 'schema'];
  expect(problemsOf(list, { events, next_cursor: null })).toBeNull();
  const more = { events: [{ ...events[0], secret: 1 }], next_cursor: null };
  expect(problemsOf(list, more)).toMatchObject([{ instancePath: '/events/0', keyword: 'additionalProperties' }]);
});

/** Asks every route in the barest way, with a parameter of no meaning. */
const askBarely = ({ request }: Service, { method, path }: Operation, init: RequestInit = {}) =>
  request(path.replaceAll(/\{\w+\}/g, 'x'), { method, ...init });

it('a route is open without the token exactly if it is described so, and the refusal is as described', async () => {
  fakePage();
  const { operations, expectDescribed } = await readDescription(await startService());
  const guarded = await startService({ API_TOKEN: token });
  for (const operation of operations) {
    const response = await askBarely(guarded, operation);
    expect([operation.name, response.status === 401]).toEqual([operation.name, !operation.open]);
    await expectDescribed(operation, response);
  }
});

it('a browser is sent to sign in as described by every guarded route that it may just go to', async () => {
  const { operations, expectDescribed } = await readDescription(await startService());
  const guarded = await startService({ API_TOKEN: token });
  for (const operation of operations.filter(({ method, open }) => method === 'GET' && !open)) {
    const response = await askBarely(guarded, operation, { headers: { accept: 'text/html' } });
    expect([operation.name, response.status]).toEqual([operation.name, 303]);
    await expectDescribed(operation, response);
  }
});

it('a browser that gives the form wrong tokens is answered with pages, as is described beside the problems', async () => {
  const { operation, expectDescribed } = await readDescription(await startService());
  const guarded = await startService({ API_TOKEN: token });
  for (const status of [...Array<number>(9).fill(401), 429]) {
    const response = await postToken(guarded, 'tok_wrong', { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html; charset=UTF-8']);
    await expectDescribed(operation('POST /login'), response);
  }
});

it.each(['/docs/start.js', '/docs/docs.css', '/assets/main.js', '/assets/style.css', '/assets/icon.svg'])(
  'the file %s is of a described type',
  async (path) => {
    const service = await startService();
    const { operation, expectDescribed } = await readDescription(service);
    await expectDescribed(operation(`GET ${path.replace(/[^/]+$/, '{file}')}`), await service.request(path));
  },
);

it('a session that does not ask from a page of ours is refused as described by every route that changes something', async () => {
  const { operations, expectDescribed } = await readDescription(await startService());
  const guarded = await startService({ API_TOKEN: token });
  const cookie = await signIn(guarded, token);
  const changing = operations.filter(({ method, statuses }) => method === 'POST' && statuses.includes('403'));
  expect(changing.length).toBeGreaterThan(5);
  for (const operation of changing) {
    const response = await askBarely(guarded, operation, { headers: { cookie, 'sec-fetch-site': 'cross-site' } });
    expect([operation.name, response.status]).toEqual([operation.name, 403]);
    await expectDescribed(operation, response);
  }
});

it('a page that asks by a name that is not ours is refused as described by every guarded route', async () => {
  const service = await startService({ PUBLIC_URL: 'https://ops.acme.test' });
  const { operations, expectDescribed } = await readDescription(service);
  const guarded = operations.filter(({ open }) => !open);
  expect(guarded.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET /events', 'POST /ai/summarize']));
  for (const operation of guarded) {
    const response = await askBarely(service, operation, { headers: { origin: 'http://service.test' } });
    expect([operation.name, response.status]).toEqual([operation.name, 403]);
    await expectDescribed(operation, response);
  }
});

it('an address that was wrong too often is slowed down as described by every route that checks who asks', async () => {
  const { operations, expectDescribed } = await readDescription(await startService());
  const guarded = await startService({ API_TOKEN: token });
  const wrong = { headers: { authorization: 'Bearer tok_wrong' } };
  for (let tries = 0; tries < 10; tries++) await guarded.request('/events', wrong);
  const checking = operations.filter(({ statuses }) => statuses.includes('429'));
  expect(checking.map(({ name }) => name)).toEqual(expect.arrayContaining(['GET /events', 'POST /login']));
  expect(checking.map(({ name }) => name)).not.toContain('POST /ingest/stripe');
  for (const operation of checking) {
    const response =
      operation.name === 'POST /login'
        ? await postToken(guarded, 'tok_wrong')
        : await askBarely(guarded, operation, wrong);
    expect([operation.name, response.status]).toEqual([operation.name, 429]);
    await expectDescribed(operation, response);
  }
});

it('a body over the limit is refused as described by every route that takes one', async () => {
  const service = await startService({ MAX_BODY_BYTES: '10', STATUS_MAX_BODY_BYTES: '10' });
  const { operations, expectDescribed } = await readDescription(service);
  for (const operation of operations.filter(({ method }) => method === 'POST')) {
    const response = await askBarely(service, operation, { body: 'x'.repeat(21) });
    expect([operation.name, response.status]).toEqual([operation.name, 413]);
    await expectDescribed(operation, response);
  }
});

it.each([
  ['is away', new StoreUnavailable('store_unavailable', 'it is away'), [503]],
  ['breaks', new Error('SQLITE_IOERR'), [500, 503]],
])('a store that %s is told as described by every route that needs it', async (_, error, statuses) => {
  const reject = () => Promise.reject(error);
  const memory = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  const store: EventStore = {
    ...memory,
    find: reject,
    change: reject,
    read: reject,
    list: reject,
    loadState: reject,
    listDeliveries: reject,
    findDelivery: reject,
    changes: reject,
  };
  fakePage().serve(summary({}));
  const service = await startService({}, { store });
  const { operations, expectDescribed } = await readDescription(service);
  const needy = operations.filter(({ name, statuses }) => statuses.includes('503') && name !== 'GET /readyz');
  expect(needy.length).toBeGreaterThan(3);
  for (const operation of needy) {
    const ask = examples[`${operation.name} 200`];
    if (!ask) throw new Error(`${operation.name} has no example`);
    const response = await ask(service);
    expect(statuses, operation.name).toContain(response.status);
    await expectDescribed(operation, response);
  }
});
