// Plays consecutive polls of a status page through the whole service, against a page and a PagerDuty on the loopback.
import * as z from 'zod';
import { createApp } from '../src/app.ts';
import { readConfig } from '../src/config/env.ts';
import { listen } from '../src/http/listen.ts';
import { createLog } from '../src/lib/log.ts';

const pollSchema = z.object({ captured_at: z.string(), body: z.unknown() });
const lineSchema = z.object({
  msg: z.string(),
  event_id: z.string().optional(),
  reason: z.string().optional(),
  error: z.string().optional(),
});

interface EventView {
  readonly event_id: string;
  readonly severity: string;
  readonly summary: string;
  readonly resolved_at: string | null;
  readonly routing_reason: string | null;
}

export interface Step {
  readonly capturedAt: string;
  /** What became of the fetch itself. */
  readonly note: string;
  readonly changes: readonly { change: string; severity: string; summary: string; reason: string | null }[];
  readonly pages: readonly { action: string; summary: string; dedupKey: string }[];
}

export interface Replay {
  readonly steps: readonly Step[];
  /** What is open after the last poll, as severity and summary. */
  readonly open: readonly string[];
}

export interface ReplayOptions {
  readonly page: string;
  readonly routeWarning: boolean;
}

/** @throws when a line is not a poll, naming it */
const readPolls = (text: string) =>
  text
    .split('\n')
    .map((line, at) => ({ line, number: at + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => {
      try {
        const poll = pollSchema.parse(JSON.parse(line));
        const atMs = Date.parse(poll.captured_at);
        if (Number.isNaN(atMs)) throw new Error('captured_at is not a time');
        return { atMs, body: poll.body };
      } catch (error) {
        throw new Error(
          `line ${number} is not {"captured_at": "…", "body": …}: ${error instanceof Error ? error.message : error}`,
        );
      }
    });

export const replay = async (text: string, { page, routeWarning }: ReplayOptions): Promise<Replay> => {
  const polls = readPolls(text);
  let nowMs = polls[0]?.atMs ?? 0;
  let body: unknown;
  let sent: Step['pages'][number][] = [];
  let lines: z.infer<typeof lineSchema>[] = [];

  const anyPort = { host: '127.0.0.1', port: 0 };
  const vendor = await listen(() => Response.json(body), anyPort);
  const pagerDuty = await listen(async (request) => {
    const { event_action: action, dedup_key: dedupKey, payload } = JSON.parse(await request.text());
    sent.push({ action, dedupKey, summary: payload.summary });
    return Response.json({ status: 'success' }, { status: 202 });
  }, anyPort);

  const config = readConfig({
    STRIPE_WEBHOOK_SECRET: 'whsec_replay',
    STATUS_PAGES: `${page}=${vendor.url}`,
    STATUS_POLL_INTERVAL_SECONDS: '0',
    PAGERDUTY_ROUTING_KEY: 'replay',
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    ROUTE_WARNING: String(routeWarning),
  });
  const log = createLog('info', { write: (line) => void lines.push(lineSchema.parse(JSON.parse(line))) });
  const app = createApp(config, { log, now: () => nowMs });
  await app.start('http://127.0.0.1:0');
  const ask = async (path: string, init?: RequestInit) =>
    JSON.parse(await (await app.fetch(new Request(`http://replay${path}`, init))).text());

  const play = async (poll: (typeof polls)[number]): Promise<Step> => {
    nowMs = poll.atMs;
    body = poll.body;
    lines = [];
    sent = [];
    await ask('/ingest/pull-status', { method: 'POST' });
    await app.idle();
    const fetchProblem = lines.find(({ msg }) => msg === 'page.fetch_failed' || msg === 'page.stale');
    const changed = lines.filter(({ msg }) => /^event\.(stored|updated|resolved|reopened)$/.test(msg));
    const changes = await Promise.all(
      changed.map(async ({ msg, event_id: eventId = '' }) => {
        const event: EventView = await ask(`/events/${encodeURIComponent(eventId)}`);
        const { severity, summary, routing_reason: reason } = event;
        return { change: msg.replace('event.', ''), severity, summary, reason };
      }),
    );
    const {
      pages: [state],
    } = await ask('/pages');
    const note = state.condition === 'good' && !fetchProblem ? 'read' : `not used: ${state.last_error}`;
    return { capturedAt: new Date(poll.atMs).toISOString(), note, changes, pages: sent };
  };

  try {
    const steps: Step[] = [];
    for (const poll of polls) steps.push(await play(poll));
    const { events }: { events: readonly EventView[] } = await ask('/events?state=open&limit=1000');
    return { steps, open: events.map(({ severity, summary }) => `${severity.padEnd(8)} ${summary}`) };
  } finally {
    await app.stop();
    await Promise.all([vendor.close(), pagerDuty.close()]);
  }
};
