import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import { redact } from '../../ai/redact.ts';
import type { Summarizer } from '../../ai/summarizer.ts';
import type { Log } from '../../log.ts';
import type { HttpEnv } from '../env.ts';
import { readJson } from '../read.ts';

const maxTextChars = 20_000;

const requestSchema = z.strictObject({
  text: z
    .string()
    .max(maxTextChars)
    .refine((text) => text.trim() !== '', 'expected some text'),
});

/** `POST /ai/summarize`. The audit line tells what was asked of which model and what came back, without any of the text. */
export const summarizeRoutes = (summarizer: Summarizer, log: Log) =>
  new Hono<HttpEnv>().post('/ai/summarize', async (c) => {
    const { text } = await readJson(c, requestSchema, '{"text": "…"}');
    const startedMs = performance.now();
    const redacted = redact(text);
    const { summary, severity } = await summarizer.summarize(redacted.text);
    log.info(
      {
        request_id: c.get('requestId'),
        model: summarizer.name,
        input_chars: text.length,
        input_sha256: createHash('sha256').update(redacted.text).digest('hex'),
        redactions: redacted.counts,
        output_chars: summary.length,
        suggested_severity: severity,
        duration_ms: Math.round(performance.now() - startedMs),
      },
      'ai.summarized',
    );
    return c.json({ summary, suggested_severity: severity });
  });
