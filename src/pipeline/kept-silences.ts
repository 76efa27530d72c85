// The silences as the store has them, under one key that all replicas share.
import * as z from 'zod';
import { storedSilenceSchema } from '../domain/rules/silence-schema.ts';
import { dayMs } from '../lib/time.ts';

export const silencesKey = 'silences';
/** An ended silence can be read for so long. */
const keepForMs = 30 * dayMs;
export const maxSilences = 1000;
/** So many alerts are remembered as stopped by one silence. */
export const maxStopped = 100;
/** So many alerts one silence can be bound to. */
export const maxBound = 1000;

const silenceSchema = storedSilenceSchema.extend({
  origin: z.literal('api'),
  /** The alerts that it was seen to stop. */
  stopped: z.array(z.string()).readonly(),
});

export type KeptSilence = Readonly<z.infer<typeof silenceSchema>>;

const stateSchema = z.object({ silences: z.array(z.unknown()) });

/** What cannot be read any more, such as a condition on a fact that no longer exists, is left out and counted. */
export const readSilences = (
  state: unknown,
): { readonly silences: readonly KeptSilence[]; readonly unreadable: number } => {
  const { data } = stateSchema.safeParse(state ?? { silences: [] });
  if (!data) return { silences: [], unreadable: 1 };
  const read = data.silences.flatMap((silence) => silenceSchema.safeParse(silence).data ?? []);
  return { silences: read, unreadable: data.silences.length - read.length };
};

export const toState = (silences: readonly KeptSilence[]): unknown => ({ silences });

/** Changes one silence of the state. */
export const withChanged = (
  silences: readonly KeptSilence[],
  id: string,
  change: (silence: KeptSilence) => KeptSilence,
): readonly KeptSilence[] => silences.map((silence) => (silence.id === id ? change(silence) : silence));

/**
 * Those that are kept when one more comes: ended ones go after 30 days, and the oldest of them earlier where there is no
 * room. Null when there is none although nothing has ended.
 * @param endedAtMs when a silence ended; null while it has not
 */
export const makeRoom = (
  silences: readonly KeptSilence[],
  endedAtMs: (silence: KeptSilence) => number | null,
  nowMs: number,
): readonly KeptSilence[] | null => {
  const kept = silences.filter((silence) => {
    const endMs = endedAtMs(silence);
    return endMs === null || nowMs - endMs < keepForMs;
  });
  if (kept.length < maxSilences) return kept;
  const ended = kept.flatMap((silence) => {
    const endMs = endedAtMs(silence);
    return endMs === null ? [] : [{ silence, endMs }];
  });
  const [oldest] = ended.toSorted((a, b) => a.endMs - b.endMs);
  return oldest ? kept.filter((silence) => silence !== oldest.silence) : null;
};
