// What playing recordings gives: what would have been sent.
import type { Delivery } from '../../domain/delivery.ts';

/** What one destination would have been told. */
export interface Told extends Pick<Delivery, 'destination' | 'action' | 'reason' | 'severity'> {
  readonly atMs: number;
  readonly alertId: string;
  readonly title: string;
  /** What the message is about. */
  readonly summary: string;
  /** What it says of the vendor of the payments, or of the payments of the vendor. */
  readonly otherSide?: string;
  /** How many events it carries. */
  readonly events: number;
}

export interface PlayedAlert {
  readonly alertId: string;
  readonly title: string;
  readonly severity: string;
  readonly state: string;
  readonly openedAt: string;
}

export interface Played {
  readonly told: readonly Told[];
  /** All alerts, told or not, oldest first. */
  readonly alerts: readonly PlayedAlert[];
  readonly polls: number;
  readonly webhooks: number;
  /** Null when there is neither. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** Why polls and webhooks were not used, with how many. */
  readonly unused: ReadonlyMap<string, number>;
}
