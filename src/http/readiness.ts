// Whether requests should be sent to this process: the checks of `GET /readyz`. Anybody may ask, so that what the store
// says of its host or file is only in the log.
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { ReadinessChecks } from './routes/health.ts';
import type { RulesState } from './routes/rules.ts';

export interface ReadinessDeps {
  readonly store: Pick<EventStore, 'ping'>;
  readonly isRecovered: () => boolean;
  readonly isStopping: () => boolean;
  readonly rules: RulesState;
  readonly log: Log;
}

const unless = (isWell: boolean, detail: string) => isWell || { ok: false, detail };

export const createReadiness = ({ store, isRecovered, isStopping, rules, log }: ReadinessDeps): ReadinessChecks => {
  const fault = createFaultLog(log, { failed: 'store.not_ready', over: 'store.ready_again', level: 'warn' });
  return {
    async store() {
      try {
        await store.ping();
        fault.worked();
        return true;
      } catch (error) {
        fault.failed(error);
        return { ok: false, detail: 'it cannot be read and written now; the log says why, under store.not_ready' };
      }
    },
    recovery: () => unless(isRecovered(), 'the alerts and deliveries of an earlier process are not taken up yet'),
    accepting: () => unless(!isStopping(), 'this process is stopping'),
    // With the last good rules it is as ready as before.
    rules() {
      const { last_load: lastLoad, loaded_at: loadedAt } = rules.report();
      return lastLoad?.ok === false
        ? { ok: true, detail: `the rules file was refused; the rules of ${loadedAt} are in use` }
        : true;
    },
  };
};
