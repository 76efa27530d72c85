import type { Delivery } from '../domain/delivery.ts';

/** Whether the deliveries of an alert only came at the end of its list, as they do. */
export const isAppended = (before: readonly Delivery[], after: readonly Delivery[]): boolean =>
  before.every(({ id }, at) => after[at]?.id === id);
