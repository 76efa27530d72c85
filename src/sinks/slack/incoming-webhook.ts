// Slack by an incoming webhook's address, which can only post: each news is a message of its own.
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: 200 with the text "ok", else a word:
// 400 invalid_payload, invalid_blocks, no_text; 403 action_prohibited, invalid_token; 404 no_service, channel_not_found;
// 410 channel_is_archived; all lasting, and 500 rollup_error, which passes.
import type { Destination, SendRequest } from '../destination.ts';
import { type Message, post, previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { secretsOfUrl, withoutPath } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { toMessage, toReply } from './message.ts';

export interface IncomingWebhookOptions extends Naming {
  readonly webhookUrl: string;
  readonly timeoutMs: number;
}

const usualPerMinute = 50;

export const createIncomingWebhook = (options: IncomingWebhookOptions, client: Client): Destination => {
  const { webhookUrl, timeoutMs } = options;
  const messageOf = (request: SendRequest, url: string) => ({
    url,
    headers: threadHeaders(request),
    body: request.delivery.action === 'update' ? { text: toReply(request) } : toMessage(request),
  });
  const postIt = (message: Message, withinMs: number) =>
    post(client, {
      ...message,
      timeoutMs: withinMs,
      accepted: [200],
      secrets: secretsOfUrl(webhookUrl),
      read: ({ status: statusCode, text }) => (text.trim() === 'ok' ? { outcome: 'delivered', statusCode } : undefined),
    });
  return {
    type: 'slack',
    ...namingOf(options, usualPerMinute),
    target: targetOf('slack', webhookUrl),
    showsWords: true,
    hasKeys: false,
    showsRaw: false,
    // It cannot edit, so a flood of messages of their own is held back.
    updateEveryMs: 60_000,
    preview: (request) => previewPost(messageOf(request, withoutPath(webhookUrl))),
    send: async (request) => {
      const endMs = performance.now() + timeoutMs;
      const message = messageOf(request, webhookUrl);
      const result = await postIt(message, timeoutMs);
      if (result.statusCode !== 400 || !('blocks' in message.body)) return result;
      // 400 is about the message, not the place. Blocks that Slack refuses must not cost the alert: its text alone is sent then.
      const body = { text: message.body.text };
      return postIt({ ...message, body }, Math.max(1, Math.ceil(endMs - performance.now())));
    },
  };
};
