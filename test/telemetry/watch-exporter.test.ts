import { ExportResultCode } from '@opentelemetry/core';
import { expect, it } from 'vitest';
import { type ExportChange, watchExporter } from '../../src/telemetry/watch-exporter.ts';

it('tells when batches begin to fail and when they do no longer, once each', () => {
  const results = [0, 1, 1, 1, 0, 0, 1];
  const changes: ExportChange[] = [];
  const done: number[] = [];
  const watched = watchExporter(
    {
      export: (_spans, end) =>
        end(
          results.shift() === 0
            ? { code: ExportResultCode.SUCCESS }
            : { code: ExportResultCode.FAILED, error: new Error('connect ECONNREFUSED') },
        ),
      shutdown: async () => undefined,
    },
    (change) => changes.push(change),
  );
  const failing = results.slice().map(() => {
    watched.export([], ({ code }) => done.push(code));
    return watched.isFailing();
  });
  expect(changes).toEqual([
    { ok: false, error: 'connect ECONNREFUSED' },
    { ok: true },
    { ok: false, error: 'connect ECONNREFUSED' },
  ]);
  expect(failing).toEqual([false, true, true, true, false, false, true]);
  expect(done).toHaveLength(7);
});
