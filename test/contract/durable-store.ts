// What a backend must do beyond `eventStoreContract` when it keeps its events after the process has ended.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EventStore } from '../../src/stores/event-store.ts';
import { pruneContract } from './event-store/prune.ts';
import {
  alert,
  at,
  attempt,
  deliveriesOf,
  entry,
  idsOf,
  keep,
  keepAlert,
  keepAll,
  keepTold,
  listed,
  longAgo,
  ms,
  noScopes,
  payment,
  record,
  stored,
} from './event-store/setup.ts';

export interface DurableBackend {
  /** A store with nothing in it. */
  create(): EventStore | Promise<EventStore>;
  /** Another store over what the one that was created last has kept, which is closed before. */
  reopen(): EventStore | Promise<EventStore>;
}

export const durableStoreContract = (name: string, { create, reopen }: DurableBackend): void => {
  describe(`the ${name} store, which is durable,`, () => {
    let store: EventStore;
    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());

    const closeAndReopen = async (): Promise<void> => {
      await store.close();
      store = await reopen();
    };

    it('has all of an event and its alert after it was opened again', async () => {
      const [flying] = deliveriesOf('a', { attempts: 1, attempt_started_at: at(1), leased_until: at(5) });
      if (!flying) throw new Error('one was made');
      const event = record('a', 0, {}, { alert_id: 'a', facts: { page: 'acme' } });
      const told = alert('a', 0, { deliveries: [flying], wake_at: at(9), storm_key: 'storm' });
      await keep(store, event, {
        rawJson: '{"id":1}',
        eventHistory: [entry('stored')],
        alerts: [{ alert: told, history: [entry('opened')] }],
        attempt: { deliveryId: flying.id, attempt: attempt(1) },
      });
      const size = await store.size();
      await closeAndReopen();

      const attempts = new Map([[flying.id, [attempt(1)]]]);
      expect(await store.find('a')).toEqual(event);
      expect(await store.readEvent('a')).toEqual({
        record: event,
        deliveries: [flying],
        rawJson: '{"id":1}',
        history: [entry('stored')],
        attempts,
      });
      expect(await store.readAlert('a')).toEqual({ alert: told, history: [entry('opened')], attempts });
      expect(await store.ongoingEvents('acme_status')).toMatchObject([{ event_id: 'a' }]);
      expect(await store.dueAlerts(ms(9), 5)).toMatchObject([{ alertId: 'a' }]);
      expect(await store.stormOf('storm', longAgo)).toMatchObject({ opened: 1 });
      expect(await listed(store, { q: 'payments', state: 'open' })).toEqual(['a']);
      expect(await store.size()).toEqual(size);
    });

    it('honours a lease that was taken before it was opened again', async () => {
      await keepTold(store, record('a'), deliveriesOf('a', { attempt_started_at: at(1), leased_until: at(5) }));
      await closeAndReopen();
      expect(await store.dueDeliveries(ms(4), 10)).toEqual([]);
      expect(await store.dueDeliveries(ms(5), 10)).toMatchObject([{ alert_id: 'a' }]);
    });

    it('has the states after it was opened again', async () => {
      await store.saveState('page:acme', { condition: 'blind' });
      await store.changeState('count', () => ({ state: 7, result: undefined }));
      await closeAndReopen();
      expect(await store.loadState('page:acme')).toEqual({ condition: 'blind' });
      expect(await store.loadState('count')).toBe(7);
    });

    it('keeps what was under way when it was closed', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `evt_${index}`);
      const changes = ids.map((id) => keep(store, payment(id)));
      await closeAndReopen();
      await Promise.all(changes);
      expect([...(await listed(store))].sort()).toEqual([...ids].sort());
    });

    it('goes on counting arrivals where it stopped, so that a page continues after it was opened again', async () => {
      await keepAll(store, [payment('a'), payment('b'), payment('c')]);
      const { next } = await store.listEvents({ limit: 1 });
      await closeAndReopen();
      await keepAll(store, [payment('d')]);
      expect(await listed(store)).toEqual(['d', 'c', 'b', 'a']);
      const page = await store.listEvents({ limit: 5, before: next ?? undefined });
      expect(idsOf(page.events)).toEqual(['b', 'a']);
    });

    it('a change continues what was stored before it was opened again', async () => {
      await keep(store, payment('a'), { eventHistory: [entry('stored')] });
      await closeAndReopen();
      const seen = await store.transact({ ...noScopes, eventId: 'a' }, ({ event }) => {
        const changed = { ...stored(event), seen_count: stored(event).seen_count + 1 };
        return { result: changed.seen_count, event: changed, eventHistory: [entry('updated')] };
      });
      expect(seen).toBe(2);
      expect((await store.readEvent('a'))?.history).toEqual([entry('stored'), entry('updated')]);
    });

    it('a clock that stepped back while it was closed puts no newer event behind an older one', async () => {
      await keep(store, payment('a', 9));
      await keepAlert(store, alert('a', 9));
      await closeAndReopen();
      await keep(store, payment('b', 1));
      await keepAlert(store, alert('b', 1));
      expect(await listed(store, { since: at(9) })).toEqual(['b', 'a']);
      expect((await store.listAlerts({ limit: 5, since: at(9) })).alerts).toMatchObject([
        { alert_id: 'b', opened_at: at(1) },
        { alert_id: 'a' },
      ]);
    });

    pruneContract(() => store, closeAndReopen);
  });
};
