import { hash } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import { redact } from '../../ai/redact.ts';
import type { Summarizer } from '../../ai/summarizer.ts';
import { severities } from '../../domain/event.ts';
import type { Log } from '../../lib/log.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { readJson } from '../read.ts';

const maxTextChars = 20_000;

const requestSchema = z.strictObject({
  text: z
    .string()
    .max(maxTextChars)
    .refine((text) => text.trim() !== '', 'expected some text'),
});

const summarySchema = z.strictObject({ summary: z.string(), suggested_severity: z.enum(severities) });

export const summarizePaths: Paths = {
  '/ai/summarize': {
    post: {
      tags: ['AI'],
      summary: 'Summarize a text in one sentence and suggest a severity.',
      requestBody: jsonBody(requestSchema, { text: 'Payments are down. We are on it.' }),
      responses: { 200: json('The summary.', summarySchema), ...problems(400) },
    },
  },
};

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
        input_sha256: hash('sha256', redacted.text),
        redactions: redacted.counts,
        output_chars: summary.length,
        suggested_severity: severity,
        duration_ms: Math.round(performance.now() - startedMs),
      },
      'ai.summarized',
    );
    return c.json<z.infer<typeof summarySchema>>({ summary, suggested_severity: severity });
  });
