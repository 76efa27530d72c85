// How a kind of destination is made from what the rules file says of one.
import type { DestinationSettings } from '../domain/rules/destination-schema.ts';
import { parseLength } from '../domain/rules/lengths.ts';
import { checked } from '../domain/rules/parsed.ts';
import type { Destination } from './destination.ts';
import type { Client } from './http-request.ts';
import type { Naming } from './naming.ts';

export interface KindDeps {
  readonly client: Client;
  /** This service's own address, known once it listens. */
  readonly baseUrl: () => string;
  readonly apiToken: string | null;
  readonly timeoutMs: number;
  /** What the environment says of PagerDuty, for what the file leaves out. */
  readonly pagerduty: { readonly eventsUrl: string; readonly perMinute: number };
}

export type SettingsByType = {
  readonly [Type in DestinationSettings['type']]: Extract<DestinationSettings, { readonly type: Type }>;
};

/** Makes a destination of one type. */
export type Kind<Type extends keyof SettingsByType> = (
  settings: SettingsByType[Type],
  naming: Naming,
  deps: KindDeps,
) => Destination;

/** A length that the rules file's schema has taken already. */
export const lengthMs = (text: string): number => checked(`the length "${text}"`, parseLength(text));

/** A number that may have come from the environment as text. */
export const numberOf = (value: number | string | undefined, otherwise: number): number =>
  value === undefined ? otherwise : Number(value);

/** A switch that may have come from the environment as text. */
export const isOn = (value: boolean | string | undefined): boolean => value === true || value === 'true';
