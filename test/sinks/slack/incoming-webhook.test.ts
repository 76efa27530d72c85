import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createIncomingWebhook } from '../../../src/sinks/slack/incoming-webhook.ts';
import { destinationContract, requestOf } from '../../contract/destination.ts';
import { network } from '../../support/network.ts';

const url = 'https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX';
const webhook = (webhookUrl = url, timeoutMs = 10_000) =>
  createIncomingWebhook(
    { name: 'vendors', reachesPeople: true, fallback: null, webhookUrl, timeoutMs },
    createHttpClient(noProxySettings),
  );

destinationContract('Slack by an incoming webhook', {
  url,
  accept: () => new HttpResponse('ok'),
  odd: [200, 201, 204],
  hasSecretPath: true,
  create: ({ url: webhookUrl, timeoutMs }) => webhook(webhookUrl, timeoutMs),
});

it('posts the alert, its news and its end, each as a message of its own', async () => {
  const texts: unknown[] = [];
  network.use(
    http.post(url, async ({ request }) => {
      texts.push(JSON.parse(await request.text()).text);
      return new HttpResponse('ok');
    }),
  );
  for (const action of ['trigger', 'update', 'resolve'] as const)
    expect(await webhook().send(requestOf(action))).toEqual({ outcome: 'delivered', statusCode: 200 });
  expect(texts).toEqual([
    '🔴 Stripe: payout.failed: po_1 (critical)',
    '🔴 payout.failed: po_1 (Stripe, The bank account is closed.)',
    '✅ Resolved: Stripe: payout.failed: po_1',
  ]);
});

// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors
it.each([
  [403, 'action_prohibited'],
  [404, 'channel_not_found'],
  [410, 'channel_is_archived'],
  [404, 'no_service'],
  [400, 'invalid_payload'],
])('%i %s is permanent', async (status, text) => {
  network.use(http.post(url, () => new HttpResponse(text, { status })));
  expect(await webhook().send(requestOf('trigger'))).toMatchObject({
    outcome: 'permanent',
    error: `HTTP ${status} ${text}`,
  });
});

it.each(['invalid_blocks', 'invalid_blocks_format', 'invalid_payload'])(
  'blocks that Slack refuses as %s do not cost the alert: its text is sent',
  async (word) => {
    const bodies: unknown[] = [];
    network.use(
      http.post(url, async ({ request }) => {
        const body = JSON.parse(await request.text());
        bodies.push(body);
        return 'blocks' in body ? new HttpResponse(word, { status: 400 }) : new HttpResponse('ok');
      }),
    );
    expect(await webhook().send(requestOf('trigger'))).toEqual({ outcome: 'delivered', statusCode: 200 });
    expect(bodies).toEqual([expect.anything(), { text: '🔴 Stripe: payout.failed: po_1 (critical)' }]);
  },
);

it('a text without blocks that Slack refuses is not sent again', async () => {
  let posts = 0;
  network.use(
    http.post(url, () => {
      posts += 1;
      return new HttpResponse('invalid_payload', { status: 400 });
    }),
  );
  expect(await webhook().send(requestOf('update'))).toMatchObject({ outcome: 'permanent' });
  expect(posts).toBe(1);
});
