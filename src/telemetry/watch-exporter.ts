import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { errorText } from '../lib/errors.ts';

/** Spans cannot be delivered any more, or can be again. */
export type ExportChange = { readonly ok: true } | { readonly ok: false; readonly error: string };

export interface WatchedExporter extends SpanExporter {
  isFailing(): boolean;
}

/** The exporter, telling when it begins to fail and when that ends: once, however many batches there are. */
export const watchExporter = (exporter: SpanExporter, onChange: (change: ExportChange) => void): WatchedExporter => {
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const fails = result.code !== ExportResultCode.SUCCESS;
        if (fails !== failing) onChange(fails ? { ok: false, error: errorText(result.error) } : { ok: true });
        failing = fails;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    isFailing: () => failing,
  };
};
