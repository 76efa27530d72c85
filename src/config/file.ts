// The rules file of a running service: read at start, watched, and replaced only by one that is valid and whose tests pass.
import type { LoadResult } from '../domain/rules/load.ts';
import type { Problem } from '../domain/rules/problem.ts';
import type { Rules } from '../domain/rules/rules.ts';
import { ConfigError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import { createLastGoodCopy, type LastGoodPort } from './last-good.ts';
import { loadRulesText, type RulesText, readRulesText } from './rules-attempt.ts';
import { problemLines, type RulesReport } from './rules-report.ts';

export interface RulesFileOptions {
  /** As the configuration names it, and as it is shown. */
  readonly path: string;
  /** Rejects when the file cannot be read. */
  readonly readText: () => Promise<string>;
  readonly load: (text: string) => LoadResult;
  readonly lastGood: LastGoodPort;
  readonly log: Log;
  /** Ms since 1970. */
  readonly clock: () => number;
  readonly intervalMs?: number;
  /** Called with new rules after the start, each time that a changed file was taken. */
  readonly onChange: (rules: Rules) => void;
}

export interface RulesFile {
  /** The rules in effect. */
  readonly rules: () => Rules;
  readonly report: () => RulesReport;
  /** Whether another replica has taken a newer file with other rules. Then no severity of an open event may be changed. */
  readonly isOutdated: () => boolean;
  /** For SIGHUP: reads the file now, changed or not (what it takes from other files may have changed). Never rejects. */
  readonly reload: () => Promise<void>;
  /** Looks at the file every 10 s from now on. A file is taken when its content has changed and stands still. */
  readonly watch: () => void;
  /** Ends the watching and waits for a look that is under way. */
  readonly stop: () => Promise<void>;
}

interface Loaded {
  readonly rules: Rules;
  readonly hash: string;
  readonly at: string;
}

const defaultIntervalMs = 10_000;

/** A file that is being written is empty or cut for some milliseconds; half of one can be valid, and wakes the wrong people. */
const settleMs = 500;

/**
 * Reads the file for the first time. One that is not valid falls back to the last good one.
 * @throws {ConfigError} with all problems, when there is no last good one either
 */
export const openRulesFile = async (options: RulesFileOptions): Promise<RulesFile> => {
  const { path, load, log } = options;
  const copy = createLastGoodCopy(path, options.lastGood, log);
  const now = (): string => toIso(options.clock());
  let lastLoad: NonNullable<RulesReport['last_load']>;
  /** What was read last, so that a file that was refused is told once and not at each look. */
  let seenHash: string;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  const refuse = (problems: readonly Problem[], { at }: Pick<Loaded, 'at'>): void => {
    lastLoad = { ok: false, at: now(), problems };
    const lines = problemLines(path, problems);
    log.error({ file: path, problems: lines, going_on_with: `the rules of ${at}` }, 'rules.refused');
  };

  const accept = (rules: Rules, hash: string): Loaded => {
    const at = now();
    lastLoad = { ok: true, at, problems: [] };
    log.info({ file: path, hash }, 'rules.loaded');
    return { rules, hash, at };
  };

  const start = async (): Promise<Loaded> => {
    const found = await readRulesText(options.readText);
    seenHash = found.hash;
    const attempt = loadRulesText(found, load);
    if (attempt.ok) {
      const taken = accept(attempt.rules, attempt.hash);
      turn = copy.save({ text: attempt.text, hash: taken.hash, at: taken.at });
      return taken;
    }
    const kept = await copy.load();
    const fallback = kept && loadRulesText(kept, load);
    if (!kept || !fallback?.ok) throw new ConfigError(problemLines(path, attempt.problems));
    refuse(attempt.problems, kept);
    return { rules: fallback.rules, hash: kept.hash, at: kept.at };
  };

  /** The rules hold before the store has its copy: a store that is slow delays nobody's alert. */
  let loaded = await start();

  /** Null: nothing new, or it is still being written, so that the next look takes it. */
  const readChanged = async (): Promise<RulesText | null> => {
    const found = await readRulesText(options.readText);
    if (found.hash === seenHash) return null;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    const again = await readRulesText(options.readText);
    return again.hash === found.hash ? again : null;
  };

  const replace = async (isForced: boolean): Promise<void> => {
    const found = isForced ? await readRulesText(options.readText) : await readChanged();
    if (found === null) return;
    seenHash = found.hash;
    const attempt = loadRulesText(found, load);
    if (!attempt.ok) return refuse(attempt.problems, loaded);
    loaded = accept(attempt.rules, attempt.hash);
    try {
      options.onChange(loaded.rules);
    } finally {
      await copy.save({ text: attempt.text, hash: loaded.hash, at: loaded.at });
    }
  };

  /** One look at a time. What it throws is a fault of ours or of a listener, and ends neither the watch nor the rules. */
  const look = (isForced: boolean): Promise<void> => {
    turn = turn
      .then(() => replace(isForced))
      .catch((err: unknown) => log.error({ file: path, err }, 'rules.reload_failed'))
      .then(() => copy.compare(loaded));
    return turn;
  };

  return {
    rules: () => loaded.rules,
    report: () => ({
      file: path,
      hash: loaded.hash,
      loaded_at: loaded.at,
      last_load: lastLoad,
      rules: loaded.rules.shown,
    }),
    isOutdated: copy.isOutdated,
    reload: () => look(true),
    watch: () => {
      timer ??= setInterval(() => look(false), options.intervalMs ?? defaultIntervalMs).unref();
    },
    stop: async () => {
      clearInterval(timer);
      await turn;
    },
  };
};
