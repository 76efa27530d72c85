import { hash } from 'node:crypto';

/** As PagerDuty bounds it. */
const maxChars = 255;

/** The key under which a destination keeps an alert: its id, or a stable hash of one that is too long or holds odd text. */
export const dedupKeyOf = (alertId: string): string =>
  alertId.length <= maxChars && !alertId.includes('\0') && alertId.isWellFormed()
    ? alertId
    : `sha256:${hash('sha256', JSON.stringify(alertId))}`;
