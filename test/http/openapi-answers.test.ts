// Real answers, judged by the description that the service itself serves. A route, or a status, that is described and
// has no example here fails; so does an answer that is not as described.
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { type Api, isAway, refuses, startApi } from '../support/api.ts';
import { anEvent } from '../support/builders.ts';
import { type Operation, readDescription } from '../support/described.ts';
import { readLive } from '../support/live.ts';
import { rulesOf } from '../support/rules.ts';
import { postToken, signIn } from '../support/sign-in.ts';
import { component, incident, summary } from '../support/status-page.ts';
import { signed, stripeEvent } from '../support/stripe.ts';

const post = (body: unknown): RequestInit => ({ method: 'POST', body: JSON.stringify(body) });
const stripe = (service: Api, payload: unknown) =>
  service.request('/ingest/stripe', signed(payload, service.clock.now()));
const payout = stripeEvent('evt_1');

const token = 'tok_Q2F0cw';
const fromOurPage = { 'sec-fetch-site': 'same-origin' };
const retryOf = async ({ event }: Api, eventId: string) =>
  `/deliveries/${(await event(eventId)).deliveries?.[0]?.id}/retry`;
const aSilence = { when: { page: 'acme' }, until: '2h', because: 'They move' };
const knownTag = async (request: Api['request'], path: string): Promise<RequestInit> => ({
  headers: { 'if-none-match': (await request(path)).headers.get('etag') ?? '' },
});

/** What gives the described answer, by route and status: of a service that has had a day of it. */
const examples: Readonly<Record<string, (service: Api) => Promise<Response>>> = {
  'POST /ingest/stripe 200': (service) => stripe(service, stripeEvent('evt_new')),
  'POST /ingest/stripe 400': (service) => stripe(service, { ...payout, created: 'yesterday' }),
  'POST /hooks/status/{secret} 202': ({ request }) =>
    request('/hooks/status/hook-secret-of-the-test', { method: 'POST' }),
  'POST /hooks/status/{secret} 404': ({ request }) => request('/hooks/status/wrong', { method: 'POST' }),
  'POST /ingest/pull-status 200': ({ request }) => request('/ingest/pull-status', { method: 'POST' }),
  'POST /ingest/pull-status 502': ({ request, failToServe }) => {
    failToServe();
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
  'POST /deliveries/{id}/retry 200': async (api) => api.request(await retryOf(api, 'evt_refused'), { method: 'POST' }),
  'POST /deliveries/{id}/retry 404': ({ request }) => request('/deliveries/dlv_none/retry', { method: 'POST' }),
  'POST /deliveries/{id}/retry 409': async (api) => {
    const path = await retryOf(api, 'evt_refused');
    await api.request('/events/evt_refused/resolve', { method: 'POST' });
    return api.request(path, { method: 'POST' });
  },
  'GET /alerts 200': ({ request }) => request('/alerts?limit=3'),
  'GET /alerts 400': ({ request }) => request('/alerts?state=closed'),
  'GET /alerts/{alert_id} 200': ({ request }) => request('/alerts/acme_status:incident:1'),
  'GET /alerts/{alert_id} 404': ({ request }) => request('/alerts/evt_none'),
  'POST /alerts/{alert_id}/resolve 200': ({ request }) => request('/alerts/evt_1/resolve', post({ note: 'done' })),
  'POST /alerts/{alert_id}/resolve 400': ({ request }) => request('/alerts/evt_1/resolve', post({ why: 'done' })),
  'POST /alerts/{alert_id}/resolve 404': ({ request }) => request('/alerts/evt_none/resolve', { method: 'POST' }),
  'POST /alerts/{alert_id}/resolve 409': async ({ request }) => {
    await request('/alerts/evt_1/resolve', { method: 'POST' });
    return request('/alerts/evt_1/resolve', { method: 'POST' });
  },
  'GET /destinations 200': ({ request }) => request('/destinations'),
  'GET /sources/{source}/report 200': ({ request }) => request('/sources/stripe/report?from=2026-03-01&to=2026-03-02'),
  'GET /sources/{source}/report 400': ({ request }) => request('/sources/stripe/report?from=yesterday'),
  'GET /sources/{source}/report 404': ({ request }) => request('/sources/other_status/report'),
  'GET /rules 200': ({ request }) => request('/rules'),
  'GET /silences 200': async ({ request }) => {
    await request('/silences', post(aSilence));
    return request('/silences');
  },
  'POST /silences 201': ({ request }) => request('/silences', post({ ...aSilence, until: 'resolved' })),
  'POST /silences 400': ({ request }) => request('/silences', post({ ...aSilence, until: 'never' })),
  'POST /silences 409': async ({ store, request }) => {
    const silence = {
      ...aSilence,
      origin: 'api',
      from: '2026-03-01T12:00:00.000Z',
      until: '2026-03-02T12:00:00.000Z',
      by: null,
      alertIds: [],
      expired_at: null,
      stopped: [],
    };
    const silences = Array.from({ length: 1000 }, (_, at) => ({ ...silence, id: `sil_${at}` }));
    await store.saveState('silences', { silences });
    return request('/silences', post(aSilence));
  },
  'POST /silences/matches 200': ({ request }) => request('/silences/matches', post({ when: aSilence.when })),
  'POST /silences/matches 400': ({ request }) => request('/silences/matches', post({ when: {} })),
  'DELETE /silences/{id} 200': async ({ request, json }) => {
    const { id } = await json('/silences', post(aSilence));
    return request(`/silences/${id}`, { method: 'DELETE' });
  },
  'DELETE /silences/{id} 404': ({ request }) => request('/silences/sil_none', { method: 'DELETE' }),
  'DELETE /silences/{id} 409': ({ request, setRules }) => {
    setRules(
      rulesOf(`
version: 1
destinations: { pagerduty: { type: mock } }
status_pages: { acme: https://status.acme.test }
routes: [{ name: all, send: [pagerduty] }]
silences: [{ when: { page: acme }, from: 2026-03-02T00:00, until: 4h, because: Planned work }]
`),
    );
    return request('/silences').then(async (response) => {
      const [{ id }] = JSON.parse(await response.text()).silences;
      return request(`/silences/${encodeURIComponent(id)}`, { method: 'DELETE' });
    });
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
  'GET /readyz 503': ({ stopAccepting, request }) => {
    stopAccepting();
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
  'GET /login 200': async () => startApi({ apiToken: token }).request('/login'),
  'GET /login 303': ({ request }) => request('/login'),
  'POST /login 303': async () => postToken(startApi({ apiToken: token }), token),
  'POST /login 401': async () => postToken(startApi({ apiToken: token }), 'wrong'),
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

/** Events of every kind: told, refused, still waiting, cancelled, updated, resolved, opened again; a silence. */
const eventful = async (): Promise<Api> => {
  const api = startApi();
  api.answerWith(({ alert, delivery }) => {
    if (alert.alert_id === 'evt_refused') return refuses;
    const isLate = /evt_waiting|evt_cancelled/.test(alert.alert_id);
    return isLate ? isAway : { outcome: 'delivered', statusCode: 202, memo: delivery.id };
  });
  for (const id of ['evt_1', 'evt_1', 'evt_refused', 'evt_waiting', 'evt_cancelled'])
    await api.postStripe(stripeEvent(id));
  await api.post('/alerts/evt_cancelled/resolve');
  const poll = (...incidents: readonly object[]) => {
    api.clock.advance(60_000);
    const updatedAt = new Date(api.clock.now()).toISOString();
    return api.pull(summary({ updatedAt, incidents, components: [component('a', 'under_maintenance')] }));
  };
  await poll();
  await poll(incident('1'), incident('2', { impact: 'none' }));
  await poll(incident('1', { name: 'Everything is down' }));
  await poll();
  await poll(incident('1'), { id: '3' });
  return api;
};

let description: ReturnType<typeof readDescription> | undefined;
/** Each service would make the same one anew. */
const readOnce = () => {
  description ??= readDescription(startApi());
  return description;
};

it('every route has an example of each answer that is described, and no other', async () => {
  const { operations } = await readOnce();
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
  const { operation, expectDescribed } = await readOnce();
  const name = key.replace(/ \d+$/, '');
  const response = await ask(service);
  expect(`${name} ${response.status}`).toBe(key);
  await expectDescribed(operation(name), response);
});

it('every event of an eventful day is told as described', async () => {
  const service = await eventful();
  const { operation, expectDescribed } = await readOnce();
  const events = await service.events();
  const statuses = new Set(events.flatMap(({ deliveries }) => deliveries.map(({ status }) => status)));
  expect([...statuses].toSorted()).toEqual(['delivered', 'failed', 'pending', 'superseded']);
  for (const { event_id: id } of events) {
    const response = await service.request(`/events/${encodeURIComponent(id)}`);
    await expectDescribed(operation('GET /events/{event_id}'), response);
  }
  for (const { alert_id: id } of await service.alerts()) {
    const response = await service.request(`/alerts/${encodeURIComponent(id)}`);
    await expectDescribed(operation('GET /alerts/{alert_id}'), response);
  }
});

it('the events and alerts of the live stream have the shapes of the listings', async () => {
  const service = await eventful();
  const { problemsOf } = await readOnce();
  const { body } = await service.request('/live');
  const reader = readLive(body ?? new ReadableStream());
  await reader.next();
  await service.postStripe(stripeEvent('evt_new'));
  for (const _ of [1, 2]) {
    const message = await reader.next();
    const schema = message?.event === 'alert' ? 'Alert' : 'Event';
    expect(problemsOf(['components', 'schemas', schema], message?.data), schema).toBeNull();
  }
  await reader.close();
});

it('an answer with a field that is not described is not as described', async () => {
  const service = await eventful();
  const { problemsOf } = await readOnce();
  const { events } = JSON.parse(await (await service.request('/events')).text());
  const list = ['paths', '/events', 'get', 'responses', '200', 'content', 'application/json', 'schema'];
  expect(problemsOf(list, { events, next_cursor: null })).toBeNull();
  const more = { events: [{ ...events[0], secret: 1 }], next_cursor: null };
  expect(problemsOf(list, more)).toMatchObject([{ instancePath: '/events/0', keyword: 'additionalProperties' }]);
});

/** Asks every route in the barest way, with a parameter of no meaning. */
const askBarely = ({ request }: Api, { method, path }: Operation, init: RequestInit = {}) =>
  request(path.replaceAll(/\{\w+\}/g, 'x'), { method, ...init });

it('a route is open without the token exactly if it is described so, and the refusal is as described', async () => {
  const { operations, expectDescribed } = await readOnce();
  const guarded = startApi({ apiToken: token });
  for (const operation of operations) {
    const response = await askBarely(guarded, operation);
    expect([operation.name, response.status === 401]).toEqual([operation.name, !operation.open]);
    await expectDescribed(operation, response);
  }
});

it('a browser is sent to sign in as described by every guarded route that it may just go to', async () => {
  const { operations, expectDescribed } = await readOnce();
  const guarded = startApi({ apiToken: token });
  for (const operation of operations.filter(({ method, open }) => method === 'GET' && !open)) {
    const response = await askBarely(guarded, operation, { headers: { accept: 'text/html' } });
    expect([operation.name, response.status]).toEqual([operation.name, 303]);
    await expectDescribed(operation, response);
  }
});

it('a browser that gives the form wrong tokens is answered with pages, as is described beside the problems', async () => {
  const { operation, expectDescribed } = await readOnce();
  const guarded = startApi({ apiToken: token });
  for (const status of [...Array<number>(9).fill(401), 429]) {
    const response = await postToken(guarded, 'tok_wrong', { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([status, 'text/html; charset=UTF-8']);
    await expectDescribed(operation('POST /login'), response);
  }
});

it.each(['/docs/start.js', '/docs/docs.css', '/assets/main.js', '/assets/style.css', '/assets/icon.svg'])(
  'the file %s is of a described type',
  async (path) => {
    const service = startApi();
    const { operation, expectDescribed } = await readOnce();
    await expectDescribed(operation(`GET ${path.replace(/[^/]+$/, '{file}')}`), await service.request(path));
  },
);

it('a session that does not ask from a page of ours is refused as described by every route that changes something', async () => {
  const { operations, expectDescribed } = await readOnce();
  const guarded = startApi({ apiToken: token });
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
  const service = startApi({ publicUrl: 'https://ops.acme.test' });
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
  const { operations, expectDescribed } = await readOnce();
  const guarded = startApi({ apiToken: token });
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
  const service = startApi({ maxBodyBytes: 10 });
  const { operations, expectDescribed } = await readOnce();
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
  const store: Partial<EventStore> = {
    find: reject,
    transact: reject,
    readEvent: reject,
    readAlert: reject,
    listEvents: reject,
    listAlerts: reject,
    listDeliveries: reject,
    findDelivery: reject,
    changes: reject,
    loadState: reject,
    changeState: reject,
    backlog: reject,
  };
  const service = startApi({ store });
  const { operations, expectDescribed } = await readOnce();
  const needy = operations.filter(({ name, statuses }) => statuses.includes('503') && name !== 'GET /readyz');
  expect(needy.length).toBeGreaterThan(3);
  for (const operation of needy) {
    const ask = examples[`${operation.name} 200`] ?? examples[`${operation.name} 201`];
    if (!ask) throw new Error(`${operation.name} has no example`);
    const response = await ask(service);
    expect(statuses, operation.name).toContain(response.status);
    await expectDescribed(operation, response);
  }
});
