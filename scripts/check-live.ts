// Asks the vendors and PagerDuty whether they are there, as the service would ask them.
import { randomUUID } from 'node:crypto';
import type { Config } from '../src/config/env.ts';
import type { Action } from '../src/domain/delivery.ts';
import type { UnifiedEvent } from '../src/domain/event.ts';
import { createHttpReader } from '../src/ingest/polling/fetch.ts';
import { countItems } from '../src/ingest/statuspage/schema.ts';
import { errorText } from '../src/lib/errors.ts';
import type { SendResult } from '../src/sinks/destination.ts';
import { createPagerDutySink } from '../src/sinks/pagerduty/sink.ts';

export interface Check {
  readonly result: 'ok' | 'skipped' | 'failed';
  readonly what: string;
  readonly detail: string;
}

/** Reads each page once. */
export const checkPages = ({ status, pagerduty }: Config): Promise<readonly Check[]> =>
  Promise.all(
    status.pages.map(async ({ name, url }): Promise<Check> => {
      const what = `page ${name}`;
      const without = pagerduty.routingKey === null ? 'its fixture stands in for it' : 'it is not read';
      if (url === null) return { result: 'skipped', what, detail: `it has no URL: ${without}` };
      try {
        const summary = await createHttpReader(url, { ...status, timeoutMs: status.fetchTimeoutMs })();
        const skipped = summary.malformed.map((item) => `, without ${item}`).join('');
        return {
          result: 'ok',
          what,
          detail: `${JSON.stringify(summary.pageName)}, ${countItems(summary)} items${skipped}`,
        };
      } catch (error) {
        return { result: 'failed', what, detail: errorText(error) };
      }
    }),
  );

const testEvent = (id: string): UnifiedEvent => ({
  event_id: `vendor-signals-test:${id}`,
  source: 'vendor-signals',
  kind: 'status',
  severity: 'info',
  service: 'check-config',
  summary: 'TEST of vendor-signals: nothing is wrong, and this is resolved at once',
  description: 'Sent by npm run check-config -- --live.',
  started_at: new Date().toISOString(),
  resolved_at: null,
  raw: null,
});

const answerOf = (result: SendResult): string =>
  result.outcome === 'delivered' ? `HTTP ${result.statusCode}` : `${result.outcome}: ${result.error}`;

/** Sends a test and its end, under a key of its own. The end is also sent when nobody knows whether the test arrived. */
export const checkPagerDuty = async ({ pagerduty, delivery }: Config): Promise<readonly Check[]> => {
  const { routingKey, eventsUrl } = pagerduty;
  if (routingKey === null) {
    return [{ result: 'skipped', what: 'PagerDuty', detail: 'there is no key: pages go to the mock' }];
  }
  const sink = createPagerDutySink({ routingKey, eventsUrl, timeoutMs: delivery.timeoutMs });
  const event = testEvent(randomUUID());
  const send = async (action: Action): Promise<SendResult> =>
    sink.send({ action, event, requestId: `check-config-${randomUUID()}` });
  const checkOf = (action: Action, result: SendResult): Check => ({
    result: result.outcome === 'delivered' ? 'ok' : 'failed',
    what: `PagerDuty ${action}`,
    detail: answerOf(result),
  });

  const trigger = await send('trigger');
  const checks = [checkOf('trigger', trigger)];
  if (trigger.outcome !== 'delivered' && trigger.outcome !== 'unknown') return checks;
  const resolve = await send('resolve');
  const left = { result: 'failed', what: 'PagerDuty', detail: `resolve the alert ${event.event_id} by hand` } as const;
  return [...checks, checkOf('resolve', resolve), ...(resolve.outcome === 'delivered' ? [] : [left])];
};
