import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { beforeEach, expect, it, type MockInstance, onTestFinished, vi } from 'vitest';
import { createFailureLimit } from '../../../src/http/access/failure-limit.ts';
import { createTokenCheck } from '../../../src/http/access/token-check.ts';
import { createClock } from '../../support/clock.ts';
import { collectLog } from '../../support/log.ts';

const token = 'tok_Q2F0cw';
const from = { address: '203.0.113.9', requestId: 'req-1', as: 'bearer' } as const;

let compare: MockInstance<typeof crypto.timingSafeEqual>;
beforeEach(() => {
  compare = vi.spyOn(crypto, 'timingSafeEqual');
  // What others import by name follows the object only when it is told to.
  syncBuiltinESMExports();
  onTestFinished(() => {
    compare.mockRestore();
    syncBuiltinESMExports();
  });
});

const create = () => {
  const clock = createClock();
  const logged = collectLog();
  const limits = { allowed: 3, firstWaitMs: 1000, maxWaitMs: 5000, forgetAfterMs: 60_000 };
  const failures = createFailureLimit({ ...limits, now: clock.now });
  return { clock, logged, check: createTokenCheck({ token, failures, log: logged.log }) };
};

it.each(['', 't', 'tok_wrong', 'tok_Q2F0cX', `${token}x`, 'x'.repeat(5000), '💥'])(
  'the token is compared with %j in constant time, whatever the length',
  (given) => {
    expect(create().check(given, from)).toEqual({ right: false, waitMs: 0 });
    expect(compare.mock.calls.map((buffers) => buffers.map((b) => b.byteLength))).toEqual([[32, 32]]);
  },
);

it('the right token is right', () => {
  expect(create().check(token, from)).toEqual({ right: true });
});

it('an address that has to wait is told so without its token being looked at, even if it is the right one', () => {
  const { clock, check } = create();
  for (const waitMs of [0, 0, 1000]) expect(check('wrong', from)).toEqual({ right: false, waitMs });
  compare.mockClear();
  expect(check(token, from)).toEqual({ right: false, waitMs: 1000 });
  expect(compare).not.toHaveBeenCalled();
  clock.advance(1000);
  expect(check(token, from)).toEqual({ right: true });
});

it('nobody is locked out by wrong tokens from an address from which the right one has come', () => {
  const { check } = create();
  check(token, from);
  for (let n = 0; n < 20; n += 1) check('wrong', from);
  expect(check('wrong', from)).toEqual({ right: false, waitMs: 1000 });
  expect(check(token, from)).toEqual({ right: true });
});

it('a wrong token is logged with who sent it, and without itself', () => {
  const { check, logged } = create();
  check('tok_wrong', from);
  expect(logged.of('token.refused')).toMatchObject([
    { level: 'warn', request_id: 'req-1', address: '203.0.113.9', as: 'bearer', wait_ms: 0 },
  ]);
  expect(logged.text()).not.toContain('tok_');
});
