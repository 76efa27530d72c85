// The rows of alerts. An alert of hundreds of events is a long row, and may change with each event of a commit, so a
// changed one is written at the end of the commit, once.
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../../domain/alert.ts';
import { isRecordChanged } from '../change-feed.ts';
import { addedHistorySql } from '../history-bounds.ts';
import { toAlertBody, toAlertColumns } from '../rows.ts';
import { isFoundAlike } from '../selection.ts';
import type { Counters } from './counters.ts';
import type { StoredAlert } from './stored.ts';

export interface AlertRows {
  /** The alert as this commit has left it, where its row does not say so yet. */
  unwritten(sequence: number): StoredAlert | undefined;
  /** @returns its sequence */
  insert(alert: Alert, lines: string): number;
  /** @param isTold whether those who read changes are to be told, though only its deliveries changed */
  change(stored: StoredAlert, alert: Alert, lines: string, isTold: boolean): void;
  /** Writes what was changed. */
  write(): void;
  rolledBack(): void;
}

interface Change {
  /** As its row has it. */
  readonly before: Alert;
  readonly after: Alert;
  readonly lines: string;
  readonly isTold: boolean;
}

const columns = [
  'alert_key',
  'scope_key',
  'source',
  'severity',
  'state',
  'resolved_at',
  'wake_at',
  'storm_key',
] as const;

const valuesOf = (alert: Alert): readonly (string | null)[] => {
  const values = toAlertColumns(alert);
  return columns.map((column) => values[column]);
};

const added = `history = ${addedHistorySql('history', '?', 'instr')}`;

export const createAlertRows = (db: DatabaseSync, counters: Counters): AlertRows => {
  const insert = db.prepare(
    `INSERT INTO alerts (sequence, revision, opened_at, body, history, ${columns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ${columns.map(() => '?').join(', ')})`,
  );
  const update = db.prepare(
    `UPDATE alerts SET revision = ?, body = ?, ${added},
     ${columns.map((column) => `${column} = ?`).join(', ')} WHERE sequence = ?`,
  );
  const tell = db.prepare(`UPDATE alerts SET revision = ?, ${added} WHERE sequence = ?`);
  const addHistory = db.prepare(`UPDATE alerts SET ${added} WHERE sequence = ?`);
  const changes = new Map<number, Change>();

  const writeOne = (sequence: number, { before, after, lines, isTold }: Change): void => {
    if (isRecordChanged(before, after)) {
      update.run(counters.nextRevision(), toAlertBody(after), lines, ...valuesOf(after), sequence);
    } else if (isTold) tell.run(counters.nextRevision(), lines, sequence);
    else if (lines !== '') addHistory.run(lines, sequence);
  };

  return {
    unwritten(sequence) {
      const change = changes.get(sequence);
      return change && { sequence, alert: change.after };
    },
    insert(alert, lines) {
      const sequence = counters.nextAlert();
      const openedAt = counters.placeAlert(alert.opened_at);
      insert.run(sequence, counters.nextRevision(), openedAt, toAlertBody(alert), lines, ...valuesOf(alert));
      return sequence;
    },
    change({ sequence, alert: before }, after, lines, isTold) {
      const earlier = changes.get(sequence);
      const change = {
        before: earlier?.before ?? before,
        after,
        lines: (earlier?.lines ?? '') + lines,
        isTold: isTold || earlier?.isTold === true,
      };
      // Other decisions of this commit look for alerts by their rows.
      if (isFoundAlike(change.before, after)) {
        changes.set(sequence, change);
        return;
      }
      changes.delete(sequence);
      writeOne(sequence, change);
    },
    write() {
      for (const [sequence, change] of changes) writeOne(sequence, change);
      changes.clear();
    },
    rolledBack: () => changes.clear(),
  };
};
