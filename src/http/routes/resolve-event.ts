import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import type { Log } from '../../log.ts';
import type { Bus } from '../../pipeline/bus.ts';
import type { Outcomes } from '../../pipeline/outcomes.ts';
import type { EventStore } from '../../stores/store.ts';
import { oneLine } from '../../text.ts';
import type { HttpEnv } from '../env.ts';
import { viewEventDetail } from '../event-view.ts';
import { Problem } from '../problem.ts';
import { readOptionalJson } from '../read.ts';

const maxNoteChars = 1000;

const requestSchema = z.strictObject({ note: z.string().max(maxNoteChars).optional() });

export interface ResolveDeps {
  readonly store: Pick<EventStore, 'read'>;
  readonly bus: Bus;
  readonly outcomes: Outcomes;
  readonly log: Log;
}

/** `POST /events/{event_id}/resolve`: emits that somebody says it is over, and waits for what became of that. */
export const resolveEventRoutes = ({ store, bus, outcomes, log }: ResolveDeps) =>
  new Hono<HttpEnv>().post('/events/:eventId/resolve', async (c) => {
    const { note: given = '' } = await readOptionalJson(c, requestSchema, '{"note": "…"}');
    const note = given.trim() || null;
    const eventId = c.req.param('eventId');
    const thread = { signalId: randomUUID(), requestId: c.get('requestId') };
    const ended = outcomes.expect(thread.signalId, 'routed');
    bus.publish('observation.normalized', { ...thread, observation: { type: 'closed', eventId, note } });
    const outcome = await ended;
    if (outcome.kind === 'failed') throw outcome.error;

    const detail = await store.read(eventId);
    if (!detail) throw new Problem({ status: 404, detail: 'no event with this id is stored' });
    const resolved = outcome.kind === 'resolved';
    const said = note === null ? {} : { note: oneLine(note) };
    if (resolved) log.info({ request_id: thread.requestId, event_id: eventId, ...said }, 'event.resolved_by_hand');
    return c.json({ resolved, event: viewEventDetail(detail) });
  });
