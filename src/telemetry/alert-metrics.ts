// Alerts: what happened to them, by what was committed, and how many are open.
import type { Alert } from '../domain/alert.ts';
import { severities } from '../domain/event.ts';
import type { ChangeKind } from '../domain/history.ts';
import type { Changes, Snapshot } from '../stores/event-store.ts';
import type { MetricFactory } from './metric-factory.ts';

export interface AlertMetrics {
  /** Counts from zero on for these. */
  begin(sources: readonly string[]): void;
  kept(changes: Changes<unknown>, found: Snapshot): void;
  /** The open alerts; undefined when they cannot be had. */
  show(open: readonly Pick<Alert, 'severity'>[] | undefined): void;
}

const counted: readonly ChangeKind[] = ['opened', 'joined', 'reopened', 'eased', 'resolved'];

export const createAlertMetrics = (factory: MetricFactory): AlertMetrics => {
  const changes = factory.counter(
    'alert_changes_total',
    'Alerts that were opened, joined by an event, opened again, eased or resolved.',
    ['source', 'change'],
  );
  const storms = factory.counter('storms_total', 'Storms: many alerts of one kind, of which the rest joins one.', [
    'source',
  ]);
  const open = factory.gauge('alerts_open', 'Open alerts by severity, of the 1,000 newest.', ['severity']);
  return {
    begin(sources) {
      for (const source of sources) {
        for (const change of counted) changes.inc({ source, change }, 0);
        storms.inc({ source }, 0);
      }
    },
    kept({ alerts = [] }, found) {
      for (const { alert, history } of alerts) {
        const { source } = alert;
        for (const { change } of history) if (counted.includes(change)) changes.inc({ source, change });
        const before = found.alerts.find(({ alert_id: id }) => id === alert.alert_id);
        if (alert.storm_since !== null && (before?.storm_since ?? null) === null) storms.inc({ source });
      }
    },
    show(alerts) {
      open.reset();
      if (!alerts) return;
      for (const severity of severities)
        open.set({ severity }, alerts.filter((alert) => alert.severity === severity).length);
    },
  };
};
