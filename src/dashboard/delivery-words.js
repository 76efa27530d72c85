// What became of an event's pages, in a word or two.

/** @import { EventView } from './types.ts' */

/**
 * @param {Pick<EventView, 'deliveries'>} event
 * @returns {{ text: string, tone: 'bad' | 'waiting' | 'good' | 'none' }}
 */
export const deliveryWords = ({ deliveries }) => {
  /** @param {string} status @param {string} [action] */
  const has = (status, action) =>
    deliveries.some((delivery) => delivery.status === status && (action === undefined || delivery.action === action));
  if (has('failed', 'trigger')) return { text: 'page failed', tone: 'bad' };
  if (has('failed', 'resolve')) return { text: 'closing the page failed', tone: 'bad' };
  const waiting = deliveries.find(({ status }) => status === 'pending');
  if (waiting) {
    const what = waiting.action === 'trigger' ? 'page' : 'closing the page';
    const tries = waiting.attempts === 0 ? '' : `, ${waiting.attempts} tried`;
    return { text: `${what} pending${tries}`, tone: 'waiting' };
  }
  if (has('delivered', 'resolve')) return { text: 'paged, page closed', tone: 'good' };
  if (has('delivered', 'trigger')) return { text: 'paged', tone: 'good' };
  return { text: has('superseded') ? 'page called off' : 'not paged', tone: 'none' };
};
