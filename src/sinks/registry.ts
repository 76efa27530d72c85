// The destinations of this configuration. A new one is a folder beside this file and a line here.
import type { Config } from '../config/env.ts';
import type { Sink } from './destination.ts';
import { createMockSink } from './mock/sink.ts';
import { createPagerDutySink } from './pagerduty/sink.ts';

export const createSinks = (
  { pagerduty, delivery, apiToken }: Pick<Config, 'pagerduty' | 'delivery' | 'apiToken'>,
  baseUrl: () => string,
): readonly Sink[] => {
  const { routingKey, eventsUrl } = pagerduty;
  const { timeoutMs } = delivery;
  return [
    routingKey === null
      ? createMockSink({ baseUrl, apiToken, timeoutMs })
      : createPagerDutySink({ routingKey, eventsUrl, timeoutMs }),
  ];
};
