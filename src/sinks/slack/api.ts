// One call of Slack's Web API. Its errors come with HTTP 200 and `ok: false`.
// https://docs.slack.dev/reference/methods/chat.postMessage and chat.update list them.
import * as z from 'zod';
import type { SendResult } from '../destination.ts';
import { delayOf, post } from '../http-post.ts';
import type { Client } from '../http-request.ts';

const answerSchema = z.union([
  z.object({ ok: z.literal(true), ts: z.string(), channel: z.string() }),
  z.object({ ok: z.literal(false), error: z.string() }),
]);

const parse = (text: string): z.infer<typeof answerSchema> | undefined => {
  try {
    return answerSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
};

const rateErrors = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
const passingErrors = new Set([
  'service_unavailable',
  'team_added_to_org',
  'org_login_required',
  'external_channel_migrating',
  'request_timeout',
]);
/** Slack says of these that some of it may have been done. */
const unclearErrors = new Set(['fatal_error', 'internal_error']);

export interface Posted {
  readonly channel: string;
  readonly ts: string;
}

export interface SlackCall {
  readonly result: SendResult;
  readonly posted?: Posted;
  /** Slack's own word for what is wrong. */
  readonly error?: string;
}

export interface SlackApi {
  readonly apiUrl: string;
  readonly token: string;
  readonly timeoutMs: number;
  readonly secrets: readonly string[];
}

const outcomeOf = (error: string): 'throttled' | 'transient' | 'unknown' | 'permanent' => {
  if (rateErrors.has(error)) return 'throttled';
  if (passingErrors.has(error)) return 'transient';
  return unclearErrors.has(error) ? 'unknown' : 'permanent';
};

/** Never rejects. */
export const callSlack = async (
  client: Client,
  { apiUrl, token, timeoutMs, secrets }: SlackApi,
  method: 'chat.postMessage' | 'chat.update',
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<SlackCall> => {
  let posted: Posted | undefined;
  let slackError: string | undefined;
  const result = await post(client, {
    url: `${apiUrl}/${method}`,
    headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json; charset=utf-8' },
    body,
    timeoutMs,
    secrets,
    accepted: [200],
    read: (answer, describe) => {
      const { status: statusCode, text } = answer;
      const parsed = parse(text);
      if (!parsed) return undefined;
      if (parsed.ok) {
        posted = { channel: parsed.channel, ts: parsed.ts };
        return { outcome: 'delivered', statusCode };
      }
      slackError = parsed.error;
      const error = describe(`Slack says ${parsed.error}`);
      return { outcome: outcomeOf(parsed.error), statusCode, error, retryAfterMs: delayOf(answer, Date.now()) };
    },
  });
  return { result, ...(posted && { posted }), ...(slackError !== undefined && { error: slackError }) };
};
