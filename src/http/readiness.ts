// Whether requests should be sent to this process: the checks of `GET /readyz`.
import type { EventStore } from '../stores/event-store.ts';
import type { ReadinessChecks } from './routes/health.ts';
import type { RulesState } from './routes/rules.ts';

export interface ReadinessDeps {
  readonly store: Pick<EventStore, 'ping'>;
  readonly isRecovered: () => boolean;
  readonly isStopping: () => boolean;
  readonly rules: RulesState;
}

export const createReadiness = ({ store, isRecovered, isStopping, rules }: ReadinessDeps): ReadinessChecks => ({
  store: () =>
    store.ping().then(
      () => true,
      () => false,
    ),
  recovery: isRecovered,
  accepting: () => !isStopping(),
  // With the last good rules it is as ready as before.
  rules() {
    const { last_load: lastLoad, loaded_at: loadedAt } = rules.report();
    return lastLoad?.ok === false
      ? { ok: true, detail: `the rules file was refused; the rules of ${loadedAt} are in use` }
      : true;
  },
});
