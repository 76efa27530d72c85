import { expect, it } from 'vitest';
import type { SendRequest, SendResult } from '../../src/sinks/destination.ts';
import { createEmail } from '../../src/sinks/email/destination.ts';
import { probeDestination } from '../../src/sinks/probe.ts';
import { startFakeSmtp } from '../support/fake-smtp.ts';
import { aPager } from '../support/pager.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');

const scripted = (...results: readonly SendResult[]) => {
  const requests: SendRequest[] = [];
  const script = [...results];
  const destination = aPager({
    send: async (request) => {
      requests.push(request);
      return script.shift() ?? { outcome: 'delivered', statusCode: 202 };
    },
  });
  return { requests, destination };
};

it('a probe sends a test message and its end, under one key', async () => {
  const { requests, destination } = scripted({ outcome: 'delivered', statusCode: 202, memo: 'message 1' });
  const result = await probeDestination(destination, null, nowMs);
  expect(result).toMatchObject({ trigger: { outcome: 'delivered' }, resolve: { outcome: 'delivered' } });
  expect(requests.map(({ delivery, memo }) => [delivery.action, delivery.severity, memo])).toEqual([
    ['trigger', 'info', undefined],
    ['resolve', 'info', 'message 1'],
  ]);
  expect(new Set(requests.map(({ alert }) => alert.alert_id)).size).toBe(1);
  expect(requests[1]?.alert).toMatchObject({ state: 'resolved' });
});

it('what is not accepted has no end to send, and comes back with its reason', async () => {
  const { requests, destination } = scripted({
    outcome: 'permanent',
    statusCode: 403,
    error: 'HTTP 403',
    retryAfterMs: null,
  });
  expect(await probeDestination(destination, null, nowMs)).toEqual({
    trigger: { outcome: 'permanent', statusCode: 403, error: 'HTTP 403', retryAfterMs: null },
  });
  expect(requests).toHaveLength(1);
});

it('what may have arrived is ended too', async () => {
  const { requests, destination } = scripted({
    outcome: 'unknown',
    statusCode: null,
    error: 'no answer',
    retryAfterMs: null,
  });
  expect(await probeDestination(destination, null, nowMs)).toMatchObject({ resolve: { outcome: 'delivered' } });
  expect(requests).toHaveLength(2);
});

it('two mails of a probe are one thread', async () => {
  const fake = await startFakeSmtp();
  const naming = { name: 'mail', reachesPeople: true, fallback: null };
  const host = { host: '127.0.0.1', port: fake.port, secure: false, insecure: false, user: null, password: null };
  const mail = createEmail({ ...naming, ...host, from: 'a@example.com', to: ['b@example.com'], timeoutMs: 2000 });
  await probeDestination(mail, null, nowMs);
  expect(fake.mails.map(({ data }) => /^Subject: (.*)/m.exec(data)?.[1]?.trim().startsWith('Re:'))).toEqual([
    false,
    true,
  ]);
});
