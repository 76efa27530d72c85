// How a silence is listed, and which alerts it is seen to stop.
import type { Alert } from '../domain/alert.ts';
import { type Silence, type SilenceState, silenceState } from '../domain/rules/silences.ts';
import { toIso } from '../lib/time.ts';
import { maxStopped } from './kept-silences.ts';

export interface ListedSilence extends Pick<Silence, 'id' | 'origin' | 'from' | 'until' | 'by' | 'because'> {
  readonly state: SilenceState;
  readonly when: Silence['when']['written'];
  /** The ids of the alerts that it stops or has stopped, as far as that was seen. */
  readonly stopped: readonly string[];
}

export const listSilence = (silence: Silence, stopped: readonly string[], nowMs: number): ListedSilence => ({
  id: silence.id,
  origin: silence.origin,
  state: silenceState(silence, nowMs),
  when: silence.when.written,
  from: silence.from,
  until: silence.until,
  by: silence.by,
  because: silence.because,
  stopped: [...new Set([...silence.alertIds, ...stopped])].slice(0, maxStopped),
});

/** The open alerts of which this silence holds an event back now. */
export const stoppedBy = ({ id, because, endsAtMs }: Silence, open: readonly Alert[]): readonly Alert[] =>
  open.filter(({ members }) =>
    members.some(
      ({ ended_at: endedAt, ruling }) =>
        endedAt === null &&
        (ruling.silenced_by ?? id) === id &&
        ruling.silenced_because === because &&
        ruling.silenced_until === toIso(endsAtMs),
    ),
  );
