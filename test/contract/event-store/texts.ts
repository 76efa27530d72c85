// Any text is kept, wherever it stands and however long it is; and the small states.
import { expect, it } from 'vitest';
import { aMember } from '../../support/builders.ts';
import {
  alert,
  at,
  attempt,
  type CreateStore,
  deliveriesOf,
  entry,
  hardText,
  keep,
  keepAll,
  listed,
  longAgo,
  noScopes,
  now,
  numbered,
  record,
  useStore,
} from './setup.ts';

/** A text that is long and cannot be compressed. */
const hugeText = (seed: number): string => {
  let state = seed;
  return Array.from({ length: 4000 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state.toString(36);
  }).join('');
};

export const textsContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it.each([
    ['a text that databases dislike', hardText],
    ['a text of 24,000 characters', hugeText(1)],
  ])('keeps %s wherever it stands', async (_which, text) => {
    const store = current();
    const id = `evt_${text}`;
    const deliveries = deliveriesOf(id, {
      destination: text,
      target: text,
      key: text,
      last_error: text,
      memo: text,
      request_id: text,
    });
    const kept = record(
      id,
      0,
      { service: text, summary: text, description: text },
      {
        facts: { status: text, components: [text] },
        subject: text,
        scope: text,
        traits: { item: 'incident', name: text, components: [text], group: text, pageSize: 0 },
        vendor_updated_at: text,
        ends_types: [text],
        alert_id: id,
        routing_reason: text,
        request_id: text,
      },
    );
    const told = alert(id, 0, {
      scope: text,
      title: text,
      related: [text],
      storm_key: text,
      wake_at: at(0),
      request_id: text,
      members: [aMember({ event_id: id, title: text, name: text })],
      deliveries,
    });
    const changed = {
      ...entry('updated'),
      request_id: text,
      reason: text,
      event_id: id,
      destination: text,
      fields: { [text]: { old: text, new: { [text]: text } } },
    };
    const tried = { ...attempt(1), error: text };
    const rawJson = JSON.stringify({ [text]: [text] });
    const deliveryId = deliveries[0]?.id ?? '';
    await keep(store, kept, {
      rawJson,
      eventHistory: [changed],
      alerts: [{ alert: told, history: [changed] }],
      attempt: { deliveryId, attempt: tried },
    });

    const attempts = new Map([[deliveryId, [tried]]]);
    expect(await store.find(id)).toEqual(kept);
    expect(await store.readEvent(id)).toEqual({
      record: kept,
      deliveries,
      rawJson,
      history: [changed, changed],
      attempts,
    });
    expect(await store.readAlert(id)).toEqual({ alert: told, history: [changed], attempts });
    expect(await store.findDelivery(deliveryId)).toEqual(deliveries[0]);
    expect(await listed(store, { service: text })).toEqual([id]);
    expect(await listed(store, { alert_id: id })).toEqual([id]);
    expect((await store.listDeliveries({ limit: 5, destination: text })).deliveries).toEqual(deliveries);
    expect(await store.ongoingEvents('acme_status')).toMatchObject([{ event_id: id, subject: text, scope: text }]);
    expect(await store.dueDeliveries(now, 10)).toMatchObject([{ alert_id: id, target: text, scope: text }]);
    expect(await store.dueDeliveries(now, 10, [text])).toEqual([]);
    expect(await store.dueAlerts(now, 10)).toEqual([{ alertId: id, scope: text, requestId: text }]);
    expect(await store.stormOf(text, longAgo)).toMatchObject({ opened: 1, newest: { alert_id: id } });
    expect((await store.backlog()).byTarget.get(text)).toMatchObject({ pending: 1 });
    const keys = { scopes: [text], endedSince: longAgo, alertId: id, withMembers: true, withEndings: true };
    expect(await store.transact(keys, (snapshot) => ({ result: snapshot }))).toEqual({
      event: undefined,
      alerts: [told],
      members: [kept],
      endings: [kept],
      guests: [],
    });
  });

  it('ids that differ only in what UTF-8 cannot hold are two events', async () => {
    const ids = ['evt_\ud800', 'evt_\ud801', 'evt_\ufffd', 'evt_', 'evt_\u0000', 'EVT_', 'evt_ '];
    await keepAll(
      current(),
      ids.map((id) => record(id)),
    );
    expect(await listed(current())).toEqual([...ids].reverse());
    for (const id of ids) expect(await current().find(id)).toEqual(record(id));
  });

  it('ids that differ only at their far end are two events', async () => {
    const huge = hugeText(2);
    await keepAll(current(), [record(`${huge}a`), record(`${huge}b`)]);
    expect(await current().find(`${huge}b`)).toEqual(record(`${huge}b`));
    expect(await current().find(huge)).toBe(undefined);
  });

  it('finds words in any script, whole, in any case and in either Unicode form', async () => {
    const store = current();
    await keepAll(store, [
      record('latin', 0, { summary: 'Störung: API\u0000 \ud800 nicht erreichbar' }),
      record('greek', 1, { summary: 'ΔΙΑΚΟΠΉ' }),
      record('devanagari', 2, { summary: 'सेवा बंद' }),
      record('japanese', 3, { summary: '決済 障害' }),
      record('long', 4, { summary: 'x', description: `${'word '.repeat(300)}unseen` }),
    ]);
    const found: Readonly<Record<string, readonly string[]>> = {
      STÖRUNG: ['latin'],
      'sto\u0308rung': ['latin'],
      'api erreichbar': ['latin'],
      'api greek': [],
      störun: [],
      διακοπή: ['greek'],
      सेवा: ['devanagari'],
      決済: ['japanese'],
      'word x': ['long'],
      unseen: [],
      '"': ['long', 'japanese', 'devanagari', 'greek', 'latin'],
      'api* OR greek': [],
      'NOT api': [],
    };
    for (const [q, ids] of Object.entries(found)) expect([q, await listed(store, { q })]).toEqual([q, ids]);
  });

  it('finds an event by each of many words, and by all of them', async () => {
    const words = numbered(150, 'word');
    await keep(current(), record('a', 0, {}, { facts: { components: [...words] } }));
    expect(await listed(current(), { q: words.join(' ') })).toEqual(['a']);
    expect(await listed(current(), { q: `${words.join(' ')} missing` })).toEqual([]);
  });

  it('keeps a state under its key, and the last one that was saved', async () => {
    const store = current();
    expect(await store.loadState('page:acme')).toBe(undefined);
    await store.saveState('page:acme', { condition: 'good' });
    await store.saveState('page:other', [1, null, hardText]);
    await store.saveState('page:acme', { condition: 'blind', since: null });
    expect(await store.loadState('page:acme')).toEqual({ condition: 'blind', since: null });
    expect(await store.loadState('page:other')).toEqual([1, null, hardText]);
    expect(await store.loadState('page:')).toBe(undefined);
  });

  it.each([null, false, 0, '', { nested: [{ z: null, 10: 1, 9: 2 }] }])('keeps the state %j', async (state) => {
    for (const key of [hardText, hugeText(3)]) {
      await current().saveState(key, state);
      expect(JSON.stringify(await current().loadState(key))).toBe(JSON.stringify(state));
    }
  });

  it('a state that is nothing is kept as null', async () => {
    const store = current();
    await store.saveState('saved', undefined);
    await store.changeState('changed', () => ({ state: undefined, result: undefined }));
    expect([await store.loadState('saved'), await store.loadState('changed')]).toEqual([null, null]);
  });

  it('a state that is changed after it was saved is not changed in the store', async () => {
    const state = { list: [1] };
    await current().saveState('key', state);
    state.list.push(2);
    expect(await current().loadState('key')).toEqual({ list: [1] });
  });

  it('no change of a state is lost when many change it at once and one of them fails', async () => {
    const store = current();
    const add = () =>
      store.changeState('count', (state) => {
        const count = (typeof state === 'number' ? state : 0) + 1;
        return { state: count, result: `${count}` };
      });
    const broken = store.changeState('count', () => {
      throw new Error('the change is broken');
    });
    const results = await Promise.allSettled([...numbered(10).map(add), broken, ...numbered(10).map(add)]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(await store.loadState('count')).toBe(20);
    expect(await add()).toBe('21');
  });

  it('does work of one name, gives its result or its error, and does the next', async () => {
    const store = current();
    const broken = new Error('the work is broken');
    expect(await store.withLock(hardText, async () => 'done')).toBe('done');
    await expect(store.withLock(hardText, () => Promise.reject(broken))).rejects.toBe(broken);
    expect(await store.withLock(hardText, async () => 'done again')).toBe('done again');
  });

  it('a process that is alone has the lease, as often as it asks', async () => {
    expect(await current().tryLease('poll', 60_000)).toBe(true);
    expect(await current().tryLease('poll', 60_000)).toBe(true);
  });

  it('a decision may name no event and no scope', async () => {
    expect(await current().transact(noScopes, () => ({ result: 'done' }))).toBe('done');
  });
};
