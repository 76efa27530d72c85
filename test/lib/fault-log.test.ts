import { beforeEach, expect, it, vi } from 'vitest';
import { createFaultLog } from '../../src/lib/fault-log.ts';
import { collectLog } from '../support/log.ts';

const names = { failed: 'event.not_stored', over: 'event.stored_again', level: 'error' } as const;

/** As little of the line as a test needs. */
const start = (level: string) => {
  const logged = collectLog(level);
  const fault = createFaultLog(logged.log, names);
  const told = () => logged.lines.map(({ time: _time, service: _service, ...line }) => line);
  return { fault, told };
};

beforeEach(() => void vi.useFakeTimers());

it('a fault of a thousand requests is one line at its beginning, one a minute with a count, and one at its end', () => {
  const { fault, told } = start('info');
  for (let at = 0; at < 1000; at++) fault.failed(new Error('away'), { request_id: `req-${at}` });
  vi.advanceTimersByTime(60_000);
  fault.failed(new Error('still away'));
  fault.failed(new Error('still away'));
  vi.advanceTimersByTime(60_000);
  fault.worked();
  fault.worked();
  vi.advanceTimersByTime(10_000);
  expect(told()).toEqual([
    { level: 'error', msg: 'event.not_stored', request_id: 'req-0', error: 'away' },
    { level: 'warn', msg: 'event.not_stored', count: 1000, since_last: 999, duration_ms: 60_000, error: 'away' },
    { level: 'warn', msg: 'event.not_stored', count: 1002, since_last: 2, duration_ms: 120_000, error: 'still away' },
    { level: 'info', msg: 'event.stored_again', count: 1002, duration_ms: 130_000 },
  ]);
  vi.advanceTimersByTime(600_000);
  expect(told()).toHaveLength(4);
});

it('no request is without a line of its own at debug', () => {
  const { fault, told } = start('debug');
  for (const id of ['a', 'b', 'c']) fault.failed(new Error('away'), { request_id: id });
  expect(told()).toMatchObject([
    { level: 'error', request_id: 'a' },
    { level: 'debug', request_id: 'b', msg: 'event.not_stored', error: 'away' },
    { level: 'debug', request_id: 'c' },
  ]);
});

it('a fault that flickers is one fault', () => {
  const { fault, told } = start('info');
  for (let at = 0; at < 5; at++) {
    fault.failed(new Error('full'));
    fault.worked();
    vi.advanceTimersByTime(9_000);
  }
  expect(told().map(({ level }) => level)).toEqual(['error']);
  vi.advanceTimersByTime(1_000);
  expect(told().map(({ msg }) => msg)).toEqual(['event.not_stored', 'event.stored_again']);
});

it('a minute in which nothing failed has no line, and the next fault begins anew', () => {
  const { fault, told } = start('info');
  fault.failed(new Error('away'));
  vi.advanceTimersByTime(600_000);
  expect(told()).toHaveLength(1);
  fault.worked();
  vi.advanceTimersByTime(10_000);
  fault.failed(new Error('away again'));
  expect(told().map(({ level }) => level)).toEqual(['error', 'info', 'error']);
});

it('what fails again after nobody asked for long is told as a fault of its own', () => {
  const { fault, told } = start('info');
  fault.failed(new Error('away'));
  fault.failed(new Error('away'));
  vi.advanceTimersByTime(600_000);
  fault.failed(new Error('another outage'));
  fault.worked();
  vi.advanceTimersByTime(10_000);
  expect(told()).toMatchObject([
    { level: 'error', error: 'away' },
    { level: 'warn', count: 2 },
    { level: 'error', error: 'another outage' },
    { level: 'info', count: 1, duration_ms: 10_000 },
  ]);
  expect(vi.getTimerCount()).toBe(0);
});

it('what always works says nothing', () => {
  const { fault, told } = start('debug');
  fault.worked();
  vi.advanceTimersByTime(60_000);
  expect([told(), vi.getTimerCount()]).toEqual([[], 0]);
});
