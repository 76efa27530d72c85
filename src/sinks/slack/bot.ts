// Slack by a bot's token: one message an alert, edited in place; each news is a reply in its thread, and the end is
// shown in the channel too.
import * as z from 'zod';
import type { Destination, SendRequest, SendResult } from '../destination.ts';
import { previewPost } from '../http-post.ts';
import type { Agents } from '../http-request.ts';
import type { Naming } from '../naming.ts';
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

/** The message is not there any more, or cannot be edited: another one takes its place. */
const goneErrors = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found']);
/** Blocks that Slack refuses must not cost the alert: its text alone is sent then. */
const blockErrors = new Set(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long']);

const hasError = ({ error }: SlackCall, errors: ReadonlySet<string>): boolean =>
  error !== undefined && errors.has(error);

/** What people in the channel must not miss. */
const isForAll = ({ delivery }: SendRequest): boolean =>
  delivery.action === 'resolve' || delivery.action === 'trigger' || delivery.reason === 'louder';

const withMemo = ({ result, posted }: SlackCall): SendResult =>
  result.outcome === 'delivered' && posted ? { ...result, memo: JSON.stringify(posted) } : result;

export const createSlackBot = (options: SlackBotOptions, agents: Agents): Destination => {
  const { name, reachesPeople, fallback, perMinute = usualPerMinute, token, channel, apiUrl, timeoutMs } = options;
  // Two calls make one delivery, and both have to end within its time-out.
  const api = { apiUrl, token, timeoutMs: Math.ceil(timeoutMs / 2), secrets: [token, ...secretsOfUrl(apiUrl)] };
  const headersOf = ({ traceHeaders, requestId }: SendRequest) => ({ ...traceHeaders, 'x-request-id': requestId });

  const write = async (
    method: 'chat.postMessage' | 'chat.update',
    where: object,
    { text, blocks }: SlackMessage,
    request: SendRequest,
  ): Promise<SlackCall> => {
    const body = { ...where, text, unfurl_links: false, unfurl_media: false };
    const call = await callSlack(agents, api, method, { ...body, blocks }, headersOf(request));
    return hasError(call, blockErrors)
      ? callSlack(agents, api, method, { ...body, text: text.slice(0, 1000), blocks: [] }, headersOf(request))
      : call;
  };

  const postAnew = async (request: SendRequest): Promise<SendResult> =>
    withMemo(await write('chat.postMessage', { channel }, toMessage(request), request));

  const edit = async (request: SendRequest, posted: Posted): Promise<SendResult> => {
    const edited = await write('chat.update', posted, toMessage(request), request);
    if (hasError(edited, goneErrors)) return postAnew(request);
    if (edited.result.outcome !== 'delivered') return edited.result;
    const reply = {
      channel: posted.channel,
      thread_ts: posted.ts,
      reply_broadcast: isForAll(request),
      text: toReply(request),
    };
    const told = await callSlack(agents, api, 'chat.postMessage', reply, headersOf(request));
    return told.result.outcome === 'delivered' ? { ...told.result, memo: JSON.stringify(posted) } : told.result;
  };

  return {
    type: 'slack',
    name,
    target: targetOf('slack', apiUrl, channel),
    reachesPeople,
    showsWords: true,
    hasKeys: false,
    showsRaw: false,
    updateEveryMs: 0,
    perMinute,
    fallback,
    preview: (request) => {
      const posted = readMemo(request.memo);
      const { text, blocks } = toMessage(request);
      return previewPost({
        url: `${shownUrl(apiUrl)}/${posted ? 'chat.update' : 'chat.postMessage'}`,
        headers: {
          ...headersOf(request),
          authorization: 'Bearer (set)',
          'content-type': 'application/json; charset=utf-8',
        },
        body: { ...(posted ?? { channel }), text, unfurl_links: false, unfurl_media: false, blocks },
      });
    },
    send: (request) => {
      const posted = readMemo(request.memo);
      return posted ? edit(request, posted) : postAnew(request);
    },
  };
};
