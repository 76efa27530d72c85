// The destinations of this configuration. A new kind is a folder beside this file and a line here.
import type { Destination } from './destination.ts';
import type { HttpClient } from './http-client.ts';
import { createMock } from './mock/destination.ts';
import { createPagerDuty } from './pagerduty/destination.ts';

export interface DestinationDeps {
  readonly client: HttpClient;
  /** This service's own address, known once it listens. */
  readonly baseUrl: () => string;
  readonly apiToken: string | null;
  readonly timeoutMs: number;
}

export interface PagerDutyEnvironment {
  readonly routingKey: string | null;
  readonly eventsUrl: string;
  /** 0 for no limit. */
  readonly perMinute: number;
}

/** Without a rules file: PagerDuty when there is a key, else the mock under its name. */
export const destinationsOfEnvironment = (
  { routingKey, eventsUrl, perMinute }: PagerDutyEnvironment,
  { client, baseUrl, apiToken, timeoutMs }: DestinationDeps,
): readonly Destination[] => {
  const naming = { name: 'pagerduty', fallback: null };
  return [
    routingKey === null
      ? createMock({ ...naming, reachesPeople: false, baseUrl, apiToken, timeoutMs }, client)
      : createPagerDuty(
          {
            ...naming,
            reachesPeople: true,
            perMinute: perMinute === 0 ? null : perMinute,
            routingKey,
            eventsUrl,
            timeoutMs,
          },
          client,
        ),
  ];
};
