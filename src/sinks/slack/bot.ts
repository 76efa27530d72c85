// Slack by a bot's token: one message an alert, edited in place; each news is a reply in its thread, and the end is
// shown in the channel too.
import * as z from 'zod';
import type { Destination, SendRequest, SendResult } from '../destination.ts';
import { previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { secretsOfUrl, shownUrl } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { callSlack, type Posted, type SlackCall } from './api.ts';
import { type SlackMessage, toMessage, toReply } from './message.ts';

export interface SlackBotOptions extends Naming {
  readonly token: string;
  readonly channel: string;
  readonly apiUrl: string;
  readonly timeoutMs: number;
}

export const slackApiUrl = 'https://slack.com/api';
/** Slack takes about one message a second and channel; each delivery is one message, and one edit. */
const usualPerMinute = 50;

const memoSchema = z.object({ channel: z.string(), ts: z.string() });

const readMemo = (memo: string | undefined): Posted | undefined => {
  if (memo === undefined) return undefined;
  try {
    return memoSchema.safeParse(JSON.parse(memo)).data;
  } catch {
    return undefined;
  }
};

/** Blocks that Slack refuses must not cost the alert: its text alone is sent then. */
const blockErrors = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long']);

const hasRefusedBlocks = ({ error }: SlackCall): boolean => error !== undefined && blockErrors.has(error);

/**
 * The number of the workspace, with which a token begins: a channel's name says little without it. Slack does not promise
 * that; without a number all tokens are of one workspace.
 */
const workspaceOf = (token: string): string => /^xox[bp]-(\d+)-/.exec(token)?.[1] ?? '';

type Call = (method: 'chat.postMessage' | 'chat.update', body: unknown) => Promise<SlackCall>;

/** What people in the channel must not miss. */
const isForAll = ({ delivery }: SendRequest): boolean =>
  delivery.action === 'resolve' || delivery.action === 'trigger' || delivery.reason === 'louder';

const withoutPreviews = { unfurl_links: false, unfurl_media: false };

const withMemo = ({ result, posted }: SlackCall): SendResult =>
  result.outcome === 'delivered' && posted ? { ...result, memo: JSON.stringify(posted) } : result;

export const createSlackBot = (options: SlackBotOptions, client: Client): Destination => {
  const { token, channel, apiUrl, timeoutMs } = options;
  const secrets = [token, ...secretsOfUrl(apiUrl)];

  /** A delivery takes two calls, or more where something is refused, and all have to end within its time-out. */
  const callsOf = (request: SendRequest): Call => {
    const endMs = performance.now() + timeoutMs;
    return (method, body) => {
      const leftMs = Math.max(1, Math.ceil(endMs - performance.now()));
      const api = { apiUrl, token, timeoutMs: Math.min(Math.ceil(timeoutMs / 2), leftMs), secrets };
      return callSlack(client, api, method, body, threadHeaders(request));
    };
  };

  const write = async (
    call: Call,
    method: 'chat.postMessage' | 'chat.update',
    where: object,
    { text, blocks }: SlackMessage,
  ): Promise<SlackCall> => {
    const body = { ...where, text, ...withoutPreviews };
    const written = await call(method, { ...body, blocks });
    return hasRefusedBlocks(written) ? call(method, { ...body, blocks: [] }) : written;
  };

  const postAnew = async (call: Call, request: SendRequest): Promise<SendResult> =>
    withMemo(await write(call, 'chat.postMessage', { channel }, toMessage(request)));

  const edit = async (call: Call, request: SendRequest, posted: Posted): Promise<SendResult> => {
    const edited = await write(call, 'chat.update', posted, toMessage(request));
    if (edited.result.outcome !== 'delivered') return edited.result;
    const { result } = await call('chat.postMessage', {
      channel: posted.channel,
      thread_ts: posted.ts,
      reply_broadcast: isForAll(request),
      text: toReply(request),
      ...withoutPreviews,
    });
    return withMemo({ result, posted });
  };

  return {
    type: 'slack',
    ...namingOf(options, usualPerMinute),
    target: targetOf('slack', apiUrl, workspaceOf(token), channel),
    showsWords: true,
    hasKeys: false,
    showsRaw: false,
    updateEveryMs: 0,
    preview: (request) => {
      const posted = readMemo(request.memo);
      const { text, blocks } = toMessage(request);
      return previewPost({
        url: `${shownUrl(apiUrl)}/${posted ? 'chat.update' : 'chat.postMessage'}`,
        headers: {
          ...threadHeaders(request),
          authorization: 'Bearer (set)',
          'content-type': 'application/json; charset=utf-8',
        },
        body: { ...(posted ?? { channel }), text, ...withoutPreviews, blocks },
      });
    },
    send: async (request) => {
      const posted = readMemo(request.memo);
      const call = callsOf(request);
      const told = posted && (await edit(call, request, posted));
      // The message was deleted, cannot be edited, or its thread is closed: another one takes its place.
      return !told || told.outcome === 'permanent' ? postAnew(call, request) : told;
    },
  };
};
