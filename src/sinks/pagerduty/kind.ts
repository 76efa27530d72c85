import type { Kind, SettingsByType } from '../kind.ts';
import { regionUrls } from './config.ts';
import { createPagerDuty } from './destination.ts';

const eventsUrlOf = ({ events_url: own, region }: SettingsByType['pagerduty'], environments: string): string =>
  own ?? (region === undefined ? environments : regionUrls[region]);

export const pagerDutyKind: Kind<'pagerduty'> = (settings, naming, { client, timeoutMs, pagerduty }) => {
  const { perMinute = pagerduty.perMinute === 0 ? null : pagerduty.perMinute } = naming;
  const eventsUrl = eventsUrlOf(settings, pagerduty.eventsUrl);
  const sendsChanges = settings.maintenance === 'change_event';
  return createPagerDuty(
    { ...naming, perMinute, routingKey: settings.routing_key, eventsUrl, sendsChanges, timeoutMs },
    client,
  );
};
