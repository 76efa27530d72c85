// Whether the database takes writes: a standby, one that is set to read only, and one whose disk is full still answer.
import { randomBytes } from 'node:crypto';
import type { EventStore } from '../event-store.ts';
import { createWriteHealth, type WriteHealth } from '../write-health.ts';
import type { Session } from './connections.ts';

export const createWriteProbe = (
  session: Pick<Session, 'run'>,
  { saveState }: Pick<EventStore, 'saveState'>,
): Pick<WriteHealth, 'failed' | 'ping'> => {
  const health = createWriteHealth(
    () => session.run('SELECT 1'),
    async (length) => {
      // The server compresses what repeats itself, and a full disk has room for that.
      await saveState('ping', randomBytes(length).toString('base64url').slice(0, length));
      health.committed();
    },
  );
  return health;
};
