// An alert and its deliveries as rows: what is read of them, and what is written.
import * as z from 'zod';
import type { Alert } from '../../domain/alert.ts';
import type { Delivery } from '../../domain/delivery.ts';
import { parseAlert, parseDelivery, toAlertBody, toAlertColumns, toDeliveryColumns } from '../rows.ts';
import { uuidOf } from './keys.ts';
import { defineRelation } from './relation.ts';

/** An alert as it was read. */
export interface StoredAlert {
  readonly sequence: number;
  /** Of the row; another one when somebody changed it. */
  readonly revision: string;
  /** Of the rows of its deliveries, in their order. */
  readonly deliveryRevisions: readonly string[];
  readonly alert: Alert;
}

/** What to select of `alerts AS alert`. A delivery's body begins with a brace, before which its revision stands. */
export const alertColumns = `alert.sequence, alert.xmin::text AS revision, alert.body, ARRAY(
    SELECT delivery.xmin::text || delivery.body FROM deliveries AS delivery
    WHERE delivery.alert = alert.sequence ORDER BY delivery.place) AS deliveries`;

export const alertRow = z.object({
  sequence: z.coerce.number(),
  revision: z.string(),
  body: z.string(),
  deliveries: z.array(z.string()),
});

const bodyOf = (delivery: string): string => delivery.slice(delivery.indexOf('{'));
const revisionOf = (delivery: string): string => delivery.slice(0, delivery.indexOf('{'));

export const toStoredAlert = ({ sequence, revision, body, deliveries }: z.infer<typeof alertRow>): StoredAlert => ({
  sequence,
  revision,
  deliveryRevisions: deliveries.map(revisionOf),
  alert: { ...parseAlert(body), deliveries: deliveries.map((each) => parseDelivery(bodyOf(each))) },
});

const changing = [
  ['scope_hash', 'uuid'],
  ['scope', 'text'],
  ['severity', 'text'],
  ['is_open', 'boolean'],
  ['resolved_at', 'text'],
  ['wake_at', 'text'],
  ['storm_hash', 'uuid'],
  ['body', 'text'],
  ['history', 'text'],
] as const;

export const newAlertRelation = defineRelation([
  ...changing,
  ['alert_hash', 'uuid'],
  ['source', 'text'],
  ['opened_at', 'text'],
]);
export const alertRelation = defineRelation([
  ...changing,
  ['sequence', 'bigint'],
  ['revision', 'text'],
  ['is_told', 'boolean'],
]);
export const changingColumns = changing.map(([name]) => name).filter((name) => name !== 'history');

export const toAlertRow = (alert: Alert, openedAt: string, history: string) => {
  const { state, storm_key: _storm, alert_key: _alert, scope_key: scope, ...columns } = toAlertColumns(alert);
  return {
    ...columns,
    is_open: state === 'open',
    opened_at: openedAt,
    alert_hash: uuidOf(alert.alert_id),
    scope,
    scope_hash: uuidOf(alert.scope),
    storm_hash: alert.storm_key === null ? null : uuidOf(alert.storm_key),
    body: toAlertBody(alert),
    history,
  };
};

const ofDelivery = [
  ['place', 'integer'],
  ['id', 'text'],
  ['target_hash', 'uuid'],
  ['target', 'text'],
  ['destination', 'text'],
  ['action', 'text'],
  ['status', 'text'],
  ['priority', 'integer'],
  ['due_at', 'text'],
  ['created_at', 'text'],
  ['body', 'text'],
  ['attempts', 'text'],
] as const;

/** By its alert's hash, since an alert that is new has its number only once it is written. */
export const newDeliveryRelation = defineRelation([...ofDelivery, ['alert_hash', 'uuid']]);
export const deliveryRelation = defineRelation([...ofDelivery, ['alert', 'bigint'], ['revision', 'text']]);
export const deliveryColumns = ofDelivery.map(([name]) => name);

export const toDeliveryRow = (delivery: Delivery, place: number, attempts: string) => ({
  ...toDeliveryColumns(delivery),
  place,
  target_hash: uuidOf(delivery.target),
  body: JSON.stringify(delivery),
  attempts,
});
