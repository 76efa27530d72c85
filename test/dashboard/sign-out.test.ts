import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { listSilences, noteSignOut } from '../../src/dashboard/api.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.stubGlobal('fetch', async () => Response.json({ detail: 'sign in', request_id: 'req_1' }, { status: 401 }));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('what is refused leads to the form of /login, but not while somebody signs out, unless that has failed', async () => {
  const led: string[] = [];
  vi.stubGlobal('location', { search: '?view=vendors', assign: (address: string) => void led.push(address) });
  const ask = () => expect(listSilences()).rejects.toThrow('sign in');
  await ask();
  expect(led).toEqual(['login?next=%2F%3Fview%3Dvendors']);
  noteSignOut();
  await ask();
  expect(led).toHaveLength(1);
  vi.advanceTimersByTime(20_000);
  await ask();
  expect(led).toHaveLength(2);
});
