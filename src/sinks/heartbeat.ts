// Tells a dead man's switch (Healthchecks, Cronitor, …) that all is well, or why it is not.
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { HeartbeatChecks } from './heartbeat-checks.ts';
import { type Client, httpRequest } from './http-request.ts';
import { safeText, secretsOfUrl } from './secrets.ts';

export interface HeartbeatSettings {
  /** Its path is a secret. */
  readonly url: string;
  readonly everyMs: number;
}

export interface HeartbeatDeps {
  /** As they are now; null for no heartbeat. */
  readonly settings: () => HeartbeatSettings | null;
  readonly store: Pick<EventStore, 'tryLease'>;
  readonly checks: HeartbeatChecks;
  readonly client: Client;
  readonly userAgent: string;
  readonly log: Log;
  readonly now: () => number;
}

export interface Heartbeat {
  /** To be called every second: beats when it is time. Of several replicas one beats. Never rejects. */
  run(): Promise<void>;
}

const timeoutMs = 10_000;
const maxReasonChars = 2000;

/** `{url}/fail`, before a query if there is one. */
export const failUrl = (address: string): string => {
  const url = new URL(address);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/fail`;
  return url.href;
};

export const createHeartbeat = (deps: HeartbeatDeps): Heartbeat => {
  const { settings, store, checks, client, userAgent, log, now } = deps;
  let told = '';
  let lastMs = Number.NEGATIVE_INFINITY;

  /** Without the store every replica beats: better twice than not at all. */
  const isOurs = async (everyMs: number): Promise<boolean> => {
    try {
      return await store.tryLease('heartbeat', 2 * everyMs);
    } catch (error) {
      if (error instanceof StoreUnavailable) return true;
      throw error;
    }
  };

  const send = async (url: string, reasons: readonly string[]): Promise<void> => {
    const isWell = reasons.length === 0;
    const headers = { 'user-agent': userAgent, ...(!isWell && { 'content-type': 'text/plain; charset=utf-8' }) };
    const result = await httpRequest(client, isWell ? url : failUrl(url), {
      ...(isWell ? { method: 'GET' } : { method: 'POST', body: reasons.join('\n').slice(0, maxReasonChars) }),
      headers,
      timeoutMs,
    });
    if (result.kind === 'answered' && result.status < 300) return;
    const error = result.kind === 'answered' ? `HTTP ${result.status}` : result.error;
    log.warn({ error: safeText(error, secretsOfUrl(url)) }, 'heartbeat.not_sent');
  };

  const noteReasons = (reasons: readonly string[]): void => {
    const reason = reasons.join('; ');
    if (reason === told) return;
    if (reason === '') log.info('heartbeat.well');
    else log.error({ reason }, 'heartbeat.failing');
    told = reason;
  };

  const beat = async ({ url, everyMs }: HeartbeatSettings): Promise<void> => {
    try {
      if (!(await isOurs(everyMs))) return;
      const reasons = await checks();
      noteReasons(reasons);
      await send(url, reasons);
    } catch (error) {
      log.error({ error: safeText(errorText(error), secretsOfUrl(url)) }, 'heartbeat.broken');
    }
  };

  return {
    async run() {
      const current = settings();
      // A clock that stepped back must not make it wait.
      if (!current || Math.abs(now() - lastMs) < current.everyMs) return;
      lastMs = now();
      await beat(current);
    },
  };
};
