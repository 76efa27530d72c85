// A whole service before one status page and one PagerDuty, played minute by minute.
import type { Overrides } from '../../src/app.ts';
import { type FakePagerDuty, fakePagerDuty } from './pagerduty.ts';
import { type Service, startService } from './service.ts';
import { type FakePage, fakePage, type SummaryParts, summary } from './status-page.ts';

export interface Playing {
  readonly pagerDuty: FakePagerDuty;
  readonly page: FakePage;
  readonly service: Service;
  /** A minute later the status page shows this, and is pulled. */
  poll(parts: SummaryParts): Promise<Record<string, unknown>>;
  /** So much time passes, and what is due by then is done. */
  wait(ms: number): Promise<void>;
}

/** Nothing happens by itself. */
export const playing = async (
  env: Readonly<Record<string, string>> = {},
  overrides: Overrides = {},
): Promise<Playing> => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await startService(env, { recoveryIntervalMs: 0, ...overrides });
  const poll = async (parts: SummaryParts) => {
    service.clock.advance(60_000);
    page.serve(summary({ updatedAt: new Date(service.clock.now()).toISOString(), ...parts }));
    return service.pull();
  };
  const wait = async (ms: number) => {
    service.clock.advance(ms);
    await service.app.tick();
  };
  return { pagerDuty, page, service, poll, wait };
};
