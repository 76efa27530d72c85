// The destinations of a configuration. A new kind is a folder beside this file and a line here.
import { type DestinationSettings, reachesPeople } from '../domain/rules/destination-schema.ts';
import type { Rules } from '../domain/rules/rules.ts';
import { alertmanagerKind } from './alertmanager/kind.ts';
import type { Destination } from './destination.ts';
import { emailKind } from './email/kind.ts';
import type { Client } from './http-request.ts';
import { incidentIoKind } from './incident-io/kind.ts';
import { type Kind, type KindDeps, lengthMs, type SettingsByType } from './kind.ts';
import { mockKind } from './mock/kind.ts';
import type { Naming } from './naming.ts';
import { pagerDutyKind } from './pagerduty/kind.ts';
import { slackKind } from './slack/kind.ts';
import { teamsKind } from './teams/kind.ts';
import { webhookKind } from './webhook/kind.ts';

const kinds: { readonly [Type in keyof SettingsByType]: Kind<Type> } = {
  pagerduty: pagerDutyKind,
  slack: slackKind,
  webhook: webhookKind,
  email: emailKind,
  teams: teamsKind,
  alertmanager: alertmanagerKind,
  incident_io: incidentIoKind,
  mock: mockKind,
};

const make = <Type extends keyof SettingsByType>(
  type: Type,
  settings: SettingsByType[Type],
  naming: Naming,
  deps: KindDeps,
): Destination => kinds[type](settings, naming, deps);

const namingOf = (name: string, settings: DestinationSettings): Naming => {
  const { per_minute: perMinute, fallback } = settings;
  return {
    name,
    reachesPeople: reachesPeople(settings),
    fallback: fallback === undefined ? null : { to: fallback.to, afterMs: lengthMs(fallback.after) },
    ...(perMinute !== undefined && { perMinute: perMinute === 0 ? null : perMinute }),
  };
};

/** What the environment says of destinations. */
export interface DestinationConfig {
  readonly pagerduty: KindDeps['pagerduty'] & { readonly routingKey: string | null };
  readonly delivery: { readonly timeoutMs: number };
  readonly apiToken: string | null;
}

/** Without destinations in a rules file: PagerDuty when there is a key, else the mock under its name. */
const settingsOfEnvironment = ({
  routingKey,
}: DestinationConfig['pagerduty']): ReadonlyMap<string, DestinationSettings> =>
  new Map([
    ['pagerduty', routingKey === null ? { type: 'mock' } : { type: 'pagerduty', routing_key: routingKey }] as const,
  ]);

export interface DestinationDeps {
  readonly client: Client;
  /** This service's own address, known once it listens. */
  readonly baseUrl: () => string;
}

/** The destinations that the rules name, or else those of the environment. */
export const destinationsOf = (
  { destinations }: Pick<Rules, 'destinations'>,
  { pagerduty, delivery, apiToken }: DestinationConfig,
  { client, baseUrl }: DestinationDeps,
): readonly Destination[] => {
  const deps: KindDeps = { client, baseUrl, apiToken, timeoutMs: delivery.timeoutMs, pagerduty };
  return [...(destinations ?? settingsOfEnvironment(pagerduty))].map(([name, settings]) =>
    make(settings.type, settings, namingOf(name, settings), deps),
  );
};
