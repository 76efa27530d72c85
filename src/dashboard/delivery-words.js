// Whether somebody was notified of an event, in a few words.

/** @import { EventView } from './types.ts' */

/**
 * @param {Pick<EventView, 'deliveries'>} event
 * @returns {{ text: string, tone: 'bad' | 'waiting' | 'good' | 'none' }}
 */
export const deliveryWords = ({ deliveries }) => {
  /** @param {string} status @param {string} [action] */
  const has = (status, action) =>
    deliveries.some((delivery) => delivery.status === status && (action === undefined || delivery.action === action));
  if (has('failed', 'trigger')) return { text: 'notification failed', tone: 'bad' };
  if (has('failed', 'resolve')) return { text: 'resolve failed', tone: 'bad' };
  const waiting = deliveries.find(({ status }) => status === 'pending');
  if (waiting) {
    const what = waiting.action === 'trigger' ? 'notification' : 'resolve';
    const tries = waiting.attempts === 0 ? '' : `, ${waiting.attempts} tried`;
    return { text: `${what} pending${tries}`, tone: 'waiting' };
  }
  if (has('delivered', 'resolve')) return { text: 'notified, resolved', tone: 'good' };
  if (has('delivered', 'trigger')) return { text: 'notified', tone: 'good' };
  return { text: has('superseded') ? 'notification cancelled' : 'not notified', tone: 'none' };
};
