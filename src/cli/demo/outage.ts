// A recorded outage, an incident and three components, played with the clock of then.
import { fileURLToPath } from 'node:url';
import type { Io } from '../io.ts';
import { playAll } from '../replay/play-all.ts';
import type { Played } from '../replay/played.ts';
import { readRecording } from '../replay/read-recording.ts';

const file = fileURLToPath(new URL('../../../fixtures/replay/folded_outage.jsonl', import.meta.url));

export const playOutage = async (io: Io): Promise<Played> => {
  const recordings = new Map([['acme', [await readRecording(file)]]]);
  return playAll(recordings, { rules: undefined, routeWarning: true, what: 'the outage' }, io);
};
