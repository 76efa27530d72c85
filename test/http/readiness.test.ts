import { expect, it } from 'vitest';
import { createReadiness } from '../../src/http/readiness.ts';
import { collectLog } from '../support/log.ts';

const at = '2026-03-01T12:00:00.000Z';
const readinessWith = (last_load: { ok: boolean; at: string; problems: [] } | null) =>
  createReadiness({
    store: { ping: async () => undefined },
    isRecovered: () => true,
    isStopping: () => false,
    log: collectLog().log,
    rules: { report: () => ({ file: null, hash: null, loaded_at: at, last_load, rules: {} }) },
  });

it.each([
  ['without a rules file', null, true],
  ['with rules that were loaded', { ok: true, at, problems: [] as [] }, true],
  [
    'with the last good rules, and says so',
    { ok: false, at, problems: [] as [] },
    { ok: true, detail: `the rules file was refused; the rules of ${at} are in use` },
  ],
])('it is ready %s', (_, lastLoad, result) => {
  expect(readinessWith(lastLoad).rules?.()).toEqual(result);
});
