import { HttpResponse } from 'msw';
import { afterEach, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { Alert } from '../../../src/domain/alert.ts';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createAlertmanager } from '../../../src/sinks/alertmanager/destination.ts';
import { toPostableAlert } from '../../../src/sinks/alertmanager/message.ts';
import { destinationContract } from '../../contract/destination.ts';
import { aDelivery, anAlert, aRequest, tellable } from '../../support/telling.ts';

const nowMs = Date.parse('2026-03-01T12:05:00.000Z');
afterEach(() => {
  vi.useRealTimers();
});
const path = '/api/v2/alerts';
const url = 'http://alertmanager.test:9093';
const alertmanager = (address = url, timeoutMs = 10_000, repeatMs = 60_000) =>
  createAlertmanager(
    { name: 'am', reachesPeople: true, fallback: null, url: address, repeatMs, timeoutMs },
    createHttpClient(noProxySettings),
  );

destinationContract('Alertmanager', {
  url: `${url}${path}`,
  accept: () => new HttpResponse(null, { status: 200 }),
  odd: [201, 202, 204],
  create: ({ url: address, timeoutMs }) => alertmanager(address.replace(path, ''), timeoutMs),
});

/** `postableAlert` of its OpenAPI description. */
const postable = z.strictObject({
  labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string()),
  annotations: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string()),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  generatorURL: z.url().optional(),
});

const step = (action: 'trigger' | 'resolve', more: Partial<Alert> = {}) => {
  const delivery = aDelivery({ action });
  const about = tellable(
    { source: 'acme_status', summary: 'API errors' },
    { page_name: 'Acme', url: 'https://stspg.io/abc' },
  );
  return aRequest({
    delivery,
    about,
    alert: anAlert({ source: 'acme_status', title: 'API errors', deliveries: [delivery], ...more }),
    publicUrl: 'https://ops.test',
  });
};

it('labels are what never changes, annotations all else', () => {
  const alert = toPostableAlert(step('trigger'), nowMs, 240_000);
  expect(postable.parse(alert)).toEqual(alert);
  expect(alert).toMatchObject({
    labels: { alertname: 'VendorSignals', alert_id: 'evt_1', source: 'acme_status' },
    annotations: {
      summary: 'Acme: API errors',
      severity: 'critical',
      vendor: 'Acme',
      vendor_url: 'https://stspg.io/abc',
    },
    startsAt: '2026-03-01T12:00:00.000Z',
    endsAt: '2026-03-01T12:09:00.000Z',
    generatorURL: 'https://ops.test/alerts/evt_1',
  });
  const worse = toPostableAlert(step('trigger', { severity: 'warning', title: 'Other' }), nowMs, 240_000);
  expect(Reflect.get(Object(worse), 'labels')).toEqual(Reflect.get(Object(alert), 'labels'));
});

it('an address that Alertmanager would refuse is mended, for it would refuse the alert', () => {
  const request = { ...step('trigger'), publicUrl: null };
  const about = { ...request.about, facts: { ...request.about.facts, url: 'https://acme.test/100%\n' } };
  expect(toPostableAlert({ ...request, about }, nowMs, 240_000)).toMatchObject({
    annotations: { vendor_url: 'https://acme.test/100%25' },
    generatorURL: 'https://acme.test/100%25',
  });
});

it.each([
  ['ends when it ended', '2026-03-01T12:04:00.000Z', '2026-03-01T12:04:00.000Z'],
  ['never before it began', '2026-03-01T11:00:00.000Z', '2026-03-01T12:00:00.001Z'],
])('a resolved alert %s', (_, resolved_at, endsAt) => {
  expect(toPostableAlert(step('resolve', { state: 'resolved', resolved_at }), nowMs, 240_000)).toMatchObject({
    endsAt,
  });
});

it.each([
  ['http://am.test', 'http://am.test/api/v2/alerts'],
  ['http://am.test/', 'http://am.test/api/v2/alerts'],
  ['http://am.test/base/', 'http://am.test/base/api/v2/alerts'],
  ['http://am.test/api/v2/alerts', 'http://am.test/api/v2/alerts'],
])('an address %s is posted to %s', (address, posted) => {
  expect(alertmanager(address).preview(step('trigger')).url).toBe(posted);
});

it('is valid for four repeats, and for four minutes at least', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
  const endsAt = (repeatMs: number) =>
    JSON.stringify(alertmanager(url, 1000, repeatMs).preview(step('trigger')).body).match(/"endsAt":"([^"]+)"/)?.[1];
  expect(endsAt(60_000)).toBe('2026-03-01T12:09:00.000Z');
  expect(endsAt(10_000)).toBe('2026-03-01T12:09:00.000Z');
  expect(endsAt(600_000)).toBe('2026-03-01T12:45:00.000Z');
  expect(alertmanager().repeatEveryMs).toBe(60_000);
});
