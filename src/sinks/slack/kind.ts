import type { Kind } from '../kind.ts';
import { createSlackBot, slackApiUrl } from './bot.ts';
import { createIncomingWebhook } from './incoming-webhook.ts';

export const slackKind: Kind<'slack'> = (settings, naming, { client, timeoutMs }) => {
  const { token, channel, webhook_url: webhookUrl, api_url: apiUrl = slackApiUrl } = settings;
  if (webhookUrl !== undefined) return createIncomingWebhook({ ...naming, webhookUrl, timeoutMs }, client);
  if (token === undefined || channel === undefined) throw new Error('a slack destination was not checked');
  return createSlackBot({ ...naming, token, channel, apiUrl: apiUrl.replace(/\/+$/, ''), timeoutMs }, client);
};
