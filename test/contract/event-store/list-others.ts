// The listings of alerts and of deliveries.
import { expect, it } from 'vitest';
import type { AlertQuery, DeliveryQuery, EventStore } from '../../../src/stores/event-store.ts';
import {
  alert,
  at,
  type CreateStore,
  deliveriesOf,
  hardText,
  keepAlert,
  numbered,
  reviseAlert,
  reviseDelivery,
  useStore,
} from './setup.ts';

const alertIds = async (store: EventStore, query: Partial<AlertQuery> = {}): Promise<readonly string[]> => {
  const ids: string[] = [];
  let before = query.before;
  do {
    const page = await store.listAlerts({ limit: 1000, ...query, before });
    expect(page.alerts.length).toBeLessThanOrEqual(query.limit ?? 1000);
    ids.push(...page.alerts.map(({ alert_id: id }) => id));
    before = page.next ?? undefined;
  } while (before);
  return ids;
};

const deliveryIds = async (store: EventStore, query: Partial<DeliveryQuery> = {}): Promise<readonly string[]> => {
  const ids: string[] = [];
  let before = query.before;
  do {
    const page = await store.listDeliveries({ limit: 1000, ...query, before });
    expect(page.deliveries.length).toBeLessThanOrEqual(query.limit ?? 1000);
    ids.push(...page.deliveries.map(({ id }) => id));
    before = page.next ?? undefined;
  } while (before);
  return ids;
};

/** Five alerts: two with a trigger, one that was closed, one that went elsewhere, one that nobody was told of. */
const keepFive = async (store: EventStore) => {
  const [failed] = deliveriesOf('a', { status: 'failed' });
  const [pending] = deliveriesOf('b', {});
  const [delivered, update, resolve] = deliveriesOf(
    'c',
    { status: 'delivered' },
    { action: 'update', status: 'delivered' },
    { action: 'resolve', status: 'failed' },
  );
  const [other] = deliveriesOf('d', { destination: hardText, status: 'superseded' });
  if (!failed || !pending || !delivered || !update || !resolve || !other) throw new Error('all were made');
  await keepAlert(store, alert('a', 1, { deliveries: [failed] }));
  await keepAlert(store, alert('b', 2, { deliveries: [pending], severity: 'warning' }));
  await keepAlert(store, alert('untold', 2, { source: 'other_status' }));
  const over = { state: 'resolved', resolved_at: at(4) } as const;
  await keepAlert(store, alert('c', 3, { deliveries: [delivered, update, resolve], ...over }));
  await keepAlert(store, alert('d', 3, { deliveries: [other] }));
  return { failed, pending, delivered, update, resolve, other };
};

export const listOthersContract = (createStore: CreateStore): void => {
  const { current } = useStore(createStore);

  it.each<[Partial<AlertQuery>, readonly string[]]>([
    [{}, ['d', 'c', 'untold', 'b', 'a']],
    [{ state: 'open' }, ['d', 'untold', 'b', 'a']],
    [{ state: 'resolved' }, ['c']],
    [{ severity: 'warning' }, ['b']],
    [{ severity: 'info' }, []],
    [{ source: 'other_status' }, ['untold']],
    [{ source: hardText }, []],
    [{ since: at(2) }, ['d', 'c', 'untold', 'b']],
    [{ since: at(4) }, []],
    [{ until: at(3) }, ['untold', 'b', 'a']],
    [{ until: at(1) }, []],
    [{ since: at(2), until: at(3) }, ['untold', 'b']],
    [{ state: 'open', source: 'acme_status', severity: 'critical', since: at(2) }, ['d']],
  ])('lists the alerts that %j asks for, the newest first', async (query, ids) => {
    await keepFive(current());
    expect(await alertIds(current(), query)).toEqual(ids);
    expect(await alertIds(current(), { ...query, limit: 1 })).toEqual(ids);
  });

  it('lists an alert by what it is now, and where it was', async () => {
    const store = current();
    await keepFive(store);
    await reviseAlert(store, 'a', (found) => ({ ...found, state: 'resolved', resolved_at: at(9), severity: 'info' }));
    expect(await alertIds(store, { state: 'resolved' })).toEqual(['c', 'a']);
    expect(await alertIds(store, { severity: 'info' })).toEqual(['a']);
    expect(await alertIds(store, { state: 'open' })).not.toContain('a');
  });

  it('pages through alerts and deliveries however few rows a page may look at', async () => {
    const store = await createStore({ maxScan: 3 });
    const ids = numbered(20);
    for (const [index, id] of ids.entries()) {
      const status = index % 9 === 0 ? 'superseded' : 'delivered';
      const severity = index % 9 === 0 ? 'info' : 'critical';
      await keepAlert(store, alert(id, index, { severity, deliveries: deliveriesOf(id, { status }) }));
    }
    expect(await alertIds(store, { severity: 'info', limit: 2 })).toEqual(['evt_18', 'evt_9', 'evt_0']);
    const rare = ['evt_18', 'evt_9', 'evt_0'].flatMap((id) => deliveriesOf(id, {})).map(({ id }) => id);
    expect(await deliveryIds(store, { status: 'superseded', limit: 2 })).toEqual(rare);
    expect(await deliveryIds(store, { destination: 'nowhere', limit: 2 })).toEqual([]);
    await store.close();
  });

  it('finds a delivery by its id, as it is now', async () => {
    const store = current();
    const { failed, pending, resolve } = await keepFive(store);
    expect(await store.findDelivery(resolve.id)).toEqual(resolve);
    expect(await store.findDelivery(failed.id)).toEqual(failed);
    await reviseDelivery(store, 'b', 0, { attempts: 3 });
    expect(await store.findDelivery(pending.id)).toEqual({ ...pending, attempts: 3 });
    expect(await store.findDelivery(`${pending.id}${hardText}`)).toBe(undefined);
  });

  it('lists the deliveries of the newest alert first, and of one alert the newest first', async () => {
    const { failed, pending, delivered, update, resolve, other } = await keepFive(current());
    const { deliveries, next } = await current().listDeliveries({ limit: 6 });
    expect(deliveries).toEqual([other, resolve, update, delivered, pending, failed]);
    expect(next).toBe(null);
  });

  it('names the alerts of the deliveries that a page lists, open or not, where that is asked for', async () => {
    const store = current();
    await keepFive(store);
    await reviseAlert(store, 'a', (found) => ({ ...found, title: hardText }));
    const page = await store.listDeliveries({ limit: 10, withTitles: true });
    const source = 'acme_status';
    expect(page.titles).toEqual(
      new Map([
        ['d', { title: alert('d', 3).title, source }],
        ['c', { title: alert('c', 3).title, source }],
        ['b', { title: alert('b', 2).title, source }],
        ['a', { title: hardText, source }],
      ]),
    );
    expect((await store.listDeliveries({ limit: 3, withTitles: true })).titles.size).toBe(2);
    expect((await store.listDeliveries({ limit: 10 })).titles.size).toBe(0);
  });

  it.each<[Partial<DeliveryQuery>, readonly ('failed' | 'pending' | 'delivered' | 'update' | 'resolve' | 'other')[]]>([
    [{ status: 'failed' }, ['resolve', 'failed']],
    [{ status: 'pending' }, ['pending']],
    [{ status: 'superseded' }, ['other']],
    [{ action: 'resolve' }, ['resolve']],
    [{ action: 'update' }, ['update']],
    [{ action: 'trigger' }, ['other', 'delivered', 'pending', 'failed']],
    [{ destination: 'pagerduty' }, ['resolve', 'update', 'delivered', 'pending', 'failed']],
    [{ destination: hardText }, ['other']],
    [{ destination: 'nowhere' }, []],
    [{ since: at(2) }, ['other', 'resolve', 'update', 'delivered', 'pending']],
    [{ since: at(4) }, []],
    [{ until: at(3) }, ['pending', 'failed']],
    [{ until: at(1) }, []],
    [{ since: at(2), until: at(3) }, ['pending']],
    [{ status: 'failed', action: 'trigger', destination: 'pagerduty' }, ['failed']],
    [{ status: 'failed', since: at(2) }, ['resolve']],
    [{ status: 'failed', until: at(2) }, ['failed']],
  ])('lists only the deliveries that %j asks for', async (query, names) => {
    const deliveries = await keepFive(current());
    const ids = names.map((name) => deliveries[name].id);
    expect(await deliveryIds(current(), query)).toEqual(ids);
    expect(await deliveryIds(current(), { ...query, limit: 1 })).toEqual(ids);
  });

  it.each<[Partial<DeliveryQuery>]>([[{}], [{ status: 'failed' }], [{ since: at(1), until: at(5) }]])(
    'pages through the deliveries of %j without a gap or a repeat, within one alert too, while new ones arrive',
    async (query) => {
      const store = current();
      const failed = (id: string, count: number) =>
        deliveriesOf(id, ...numbered(count).map(() => ({ status: 'failed' }) as const));
      const all = [failed('a', 3), failed('b', 1), failed('c', 4)].flat();
      await keepAlert(store, alert('a', 1, { deliveries: all.slice(0, 3) }));
      await keepAlert(store, alert('b', 2, { deliveries: all.slice(3, 4) }));
      await keepAlert(store, alert('c', 2, { deliveries: all.slice(4) }));
      const paged: string[] = [];
      let page = await store.listDeliveries({ ...query, limit: 2 });
      for (let round = 0; ; round++) {
        paged.push(...page.deliveries.map(({ id }) => id));
        if (page.next === null) break;
        const late = `late_${round}`;
        await keepAlert(store, alert(late, 3, { deliveries: failed(late, 1) }));
        page = await store.listDeliveries({ ...query, limit: 2, before: page.next });
        expect(page.deliveries.length).toBeLessThanOrEqual(2);
      }
      expect(paged).toEqual(all.map(({ id }) => id).reverse());
    },
  );

  it('lists a delivery by what it is now, and where it was', async () => {
    const store = current();
    const { failed } = await keepFive(store);
    await reviseDelivery(store, 'a', 0, { status: 'pending' });
    expect(await deliveryIds(store, { status: 'failed' })).not.toContain(failed.id);
    expect((await deliveryIds(store)).at(-1)).toBe(failed.id);
  });

  it('keeps the deliveries that the last change left, in its order', async () => {
    const store = current();
    const [one, two, three] = deliveriesOf('a', {}, { destination: 'x' }, { destination: 'y' });
    if (!one || !two || !three) throw new Error('three were made');
    await keepAlert(store, alert('a', 0, { deliveries: [one, two, three] }));
    await keepAlert(store, alert('a', 0, { deliveries: [three, one] }));
    expect((await store.readAlert('a'))?.alert.deliveries).toEqual([three, one]);
    expect(await deliveryIds(store)).toEqual([one.id, three.id]);
    expect(await store.findDelivery(two.id)).toBe(undefined);
  });
};
