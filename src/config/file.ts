// The rules file of a running service: read at start, watched, and replaced only by one that is valid and whose tests pass.
import { createHash } from 'node:crypto';
import type { LoadResult } from '../domain/rules/load.ts';
import type { Problem } from '../domain/rules/problem.ts';
import type { Rules } from '../domain/rules/rules.ts';
import { ConfigError } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { problemLines, type RulesReport } from './rules-report.ts';

export interface LastGoodRules {
  readonly text: string;
  /** SHA-256 in hex. */
  readonly hash: string;
  /** ISO-8601 in UTC. */
  readonly at: string;
}

/** What the store keeps of rules files, shared by all replicas. */
export interface LastGoodPort {
  loadLastGood(): Promise<LastGoodRules | null>;
  saveLastGood(text: string, hash: string, at: string): Promise<void>;
}

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
  /** Looks at the file every 10 s from now on. A file is read again when its content has changed. */
  readonly watch: () => void;
  /** Ends the watching and waits for a look that is under way. */
  readonly stop: () => Promise<void>;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const defaultIntervalMs = 10_000;

interface Loaded {
  readonly rules: Rules;
  readonly hash: string;
  readonly at: string;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
const unreadableFile = (error: unknown): readonly Problem[] => [
  { line: 1, column: 1, message: `the file cannot be read (${codeOf(error)})` },
];

/**
 * Reads the file for the first time. One that is not valid falls back to the last good one.
 * @throws {ConfigError} with all problems, when there is no last good one either
 */
export const openRulesFile = async (options: RulesFileOptions): Promise<RulesFile> => {
  const { path, load, lastGood, log, clock } = options;
  let loaded: Loaded;
  let lastLoad: NonNullable<RulesReport['last_load']> = { ok: true, at: iso(clock()), problems: [] };
  /** What was read last, so that a file that was refused is told once and not at each look. */
  let seenHash: string | null = null;
  let isOutdated = false;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  const refuse = (problems: readonly Problem[], after: string): void => {
    lastLoad = { ok: false, at: iso(clock()), problems };
    log.error({ file: path, problems: problemLines(path, problems), going_on_with: after }, 'rules.refused');
  };

  const save = async (text: string, hash: string, at: string): Promise<void> => {
    try {
      await lastGood.saveLastGood(text, hash, at);
    } catch (err) {
      log.warn({ file: path, err }, 'rules.last_good_not_saved');
    }
  };

  const take = async (text: string, hash: string, rules: Rules): Promise<void> => {
    const at = iso(clock());
    loaded = { rules, hash, at };
    lastLoad = { ok: true, at, problems: [] };
    log.info({ file: path, hash }, 'rules.loaded');
    await save(text, hash, at);
  };

  /** The text and its hash, or the problem of reading it. */
  const read = async (): Promise<{ text: string; hash: string } | { problems: readonly Problem[]; hash: string }> => {
    try {
      const text = await options.readText();
      return { text, hash: hashOf(text) };
    } catch (error) {
      const problems = unreadableFile(error);
      return { problems, hash: `unreadable: ${codeOf(error)}` };
    }
  };

  const start = async (): Promise<Loaded> => {
    const found = await read();
    seenHash = found.hash;
    const result = 'text' in found ? load(found.text) : found;
    if ('text' in found && 'rules' in result) {
      await take(found.text, found.hash, result.rules);
      return loaded;
    }
    const problems = 'problems' in result ? result.problems : [];
    const kept = await lastGood.loadLastGood();
    const fallback = kept === null ? undefined : load(kept.text);
    if (!kept || !fallback || !('rules' in fallback)) throw new ConfigError(problemLines(path, problems));
    refuse(problems, `the rules of ${kept.at}`);
    return { rules: fallback.rules, hash: kept.hash, at: kept.at };
  };

  const compareReplicas = async (): Promise<void> => {
    try {
      const newest = await lastGood.loadLastGood();
      const differs = newest !== null && newest.hash !== loaded.hash && newest.at > loaded.at;
      if (differs && !isOutdated)
        log.error(
          { file: path, hash: loaded.hash, newest: newest.hash, since: newest.at },
          'rules.other_replica_differs',
        );
      isOutdated = differs;
    } catch (err) {
      log.warn({ file: path, err }, 'rules.last_good_not_read');
    }
  };

  const look = async (isForced: boolean): Promise<void> => {
    const found = await read();
    if (isForced || found.hash !== seenHash) {
      seenHash = found.hash;
      const result = 'text' in found ? load(found.text) : found;
      if ('text' in found && 'rules' in result) {
        await take(found.text, found.hash, result.rules);
        options.onChange(result.rules);
      } else refuse('problems' in result ? result.problems : [], `the rules of ${loaded.at}`);
    }
    await compareReplicas();
  };

  loaded = await start();

  /** One look at a time. What a look throws is a fault of ours or of a listener, and ends neither the watch nor the rules. */
  const lookInTurn = (isForced: boolean): Promise<void> => {
    turn = turn
      .then(() => look(isForced))
      .catch((err: unknown) => log.error({ file: path, err }, 'rules.reload_failed'));
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
    isOutdated: () => isOutdated,
    reload: () => lookInTurn(true),
    watch: () => {
      timer ??= setInterval(() => lookInTurn(false), options.intervalMs ?? defaultIntervalMs).unref();
    },
    stop: async () => {
      clearInterval(timer);
      await turn;
    },
  };
};
