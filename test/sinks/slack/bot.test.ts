import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import type { Delivery } from '../../../src/domain/delivery.ts';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import type { SendResult } from '../../../src/sinks/destination.ts';
import { createSlackBot } from '../../../src/sinks/slack/bot.ts';
import { destinationContract } from '../../contract/destination.ts';
import { fakeSlack, slackApi, slackToken } from '../../support/fake-slack.ts';
import { aDelivery, aMember, anAlert, aRequest, tellable } from '../../support/telling.ts';

const bot = (apiUrl = slackApi, token = slackToken, timeoutMs = 10_000) =>
  createSlackBot(
    { name: 'vendors', reachesPeople: true, fallback: null, token, channel: '#vendors', apiUrl, timeoutMs },
    createHttpClient(noProxySettings),
  );

const method = '/chat.postMessage';
destinationContract('Slack by a bot', {
  url: `${slackApi}${method}`,
  accept: () => HttpResponse.json({ ok: true, channel: 'C0123456789', ts: '1772366400.000001' }),
  odd: [200, 201, 204],
  timeoutFactor: 2,
  create: ({ url, secret, timeoutMs }) => bot(url.replace(method, ''), secret, timeoutMs),
});

const step = (action: Delivery['action'], reason: Delivery['reason'], memo?: string) => {
  const delivery = aDelivery({ action, reason, target: bot().target });
  const isOver = action === 'resolve' ? ({ state: 'resolved', resolved_at: '2026-03-01T12:42:00.000Z' } as const) : {};
  const alert = anAlert({ title: 'Payments are down', source: 'acme_status', deliveries: [delivery], ...isOver });
  const about = tellable(
    { source: 'acme_status', kind: 'incident', summary: 'Payments are down', description: 'We look into it.' },
    { page_name: 'Acme', status: 'investigating', url: 'https://stspg.io/abc' },
  );
  return aRequest({ delivery, alert, about, memo, publicUrl: 'https://ops.test' });
};
const memoOf = (result: SendResult): string | undefined => (result.outcome === 'delivered' ? result.memo : undefined);

it('an alert is one message, edited in place, its news in the thread and its end in the channel', async () => {
  const slack = fakeSlack();
  const memo = memoOf(await bot().send(step('trigger', 'opened')));
  expect(memoOf(await bot().send(step('update', 'words', memo)))).toBe(memo);
  await bot().send(step('trigger', 'louder', memo));
  await bot().send(step('resolve', 'ended', memo));

  const [main, ...replies] = slack.posts;
  expect(main).toMatchObject({ threadTs: undefined, edits: 3, text: '✅ Resolved: Acme: Payments are down' });
  expect(main?.blocks[0]).toMatchObject({ type: 'header', text: { text: '✅ Resolved: Acme: Payments are down' } });
  expect(replies.map(({ text, threadTs, isBroadcast }) => ({ text, threadTs, isBroadcast }))).toEqual([
    { text: '🔴 investigating: Payments are down (Acme)\nWe look into it.', threadTs: main?.ts, isBroadcast: false },
    { text: '🔴 Now critical: Payments are down (Acme)', threadTs: main?.ts, isBroadcast: true },
    { text: '✅ Resolved after 42 min.', threadTs: main?.ts, isBroadcast: true },
  ]);
});

it('a message that was deleted is posted anew, and goes on there', async () => {
  const slack = fakeSlack();
  const memo = memoOf(await bot().send(step('trigger', 'opened')));
  slack.delete(slack.posts[0]?.ts ?? '');
  const next = memoOf(await bot().send(step('update', 'words', memo)));
  expect(next).not.toBe(memo);
  await bot().send(step('resolve', 'ended', next));
  expect(slack.posts).toMatchObject([
    { edits: 1, text: '✅ Resolved: Acme: Payments are down' },
    { isBroadcast: true },
  ]);
});

it.each(['cannot_reply_to_message', 'restricted_action_thread_locked', 'thread_not_found'])(
  'a rise that the thread does not take (%s) is a message of its own, and the alert goes on there',
  async (error) => {
    const slack = fakeSlack();
    const memo = memoOf(await bot().send(step('trigger', 'opened')));
    slack.answer = (_, { thread_ts: thread }) => (thread === slack.posts[0]?.ts ? error : undefined);
    const next = memoOf(await bot().send(step('trigger', 'louder', memo)));
    await bot().send(step('resolve', 'ended', next));
    expect(slack.posts).toMatchObject([
      { edits: 1 },
      { edits: 1, text: '✅ Resolved: Acme: Payments are down', threadTs: undefined },
      { threadTs: slack.posts[1]?.ts, isBroadcast: true },
    ]);
  },
);

it('an edit that is refused for good by a channel that takes nothing is so too', async () => {
  const slack = fakeSlack();
  const memo = memoOf(await bot().send(step('trigger', 'opened')));
  slack.answer = () => 'is_archived';
  expect(await bot().send(step('resolve', 'ended', memo))).toMatchObject({
    outcome: 'permanent',
    error: 'Slack says is_archived',
  });
});

it('no block is longer than Slack takes it, whatever a vendor’s address grows to when it is escaped', async () => {
  const slack = fakeSlack();
  const request = step('trigger', 'opened');
  const about = tellable({}, { url: `https://acme.test/?${'&'.repeat(950)}` });
  await bot().send({ ...request, about });
  expect(slack.posts[0]?.blocks.at(-1)).toMatchObject({
    elements: [{ text: '<https://ops.test/alerts/evt_1|Alert in vendor-signals>' }],
  });
});

it('an end whose trigger left no note is posted by itself', async () => {
  const slack = fakeSlack();
  await bot().send(step('resolve', 'ended', 'not JSON'));
  expect(slack.posts).toMatchObject([{ text: '✅ Resolved: Acme: Payments are down', threadTs: undefined }]);
});

it('the message says vendor, severity, status and since when, and links to the vendor and to us', async () => {
  const slack = fakeSlack();
  await bot().send(step('trigger', 'opened'));
  expect(slack.posts[0]?.blocks).toEqual([
    { type: 'header', text: { type: 'plain_text', text: '🔴 Acme: Payments are down', emoji: true } },
    {
      type: 'section',
      fields: [
        '*Vendor*\nAcme',
        '*Status*\ninvestigating',
        '*Severity*\ncritical',
        '*Since*\n<!date^1772366400^{date_short_pretty} {time}|2026-03-01 12:00 UTC>',
      ].map((text) => ({ type: 'mrkdwn', text, verbatim: true })),
    },
    { type: 'section', text: { type: 'mrkdwn', text: 'We look into it.', verbatim: true } },
    {
      type: 'context',
      elements: [
        {
          type: 'mrkdwn',
          text: '<https://stspg.io/abc|Acme status page>  ·  <https://ops.test/alerts/evt_1|Alert in vendor-signals>',
          verbatim: true,
        },
      ],
    },
  ]);
});

it('what an alert of several events affects is listed, over or not', async () => {
  const slack = fakeSlack();
  const members = Array.from({ length: 14 }, (_, at) =>
    aMember({ event_id: `c${at}`, title: `Part ${at}`, ended_at: at === 0 ? '2026-03-01T12:10:00.000Z' : null }),
  );
  const request = step('trigger', 'opened');
  await bot().send({ ...request, alert: { ...request.alert, members, uncounted: 3 } });
  expect(JSON.stringify(slack.posts[0]?.blocks)).toContain(
    String.raw`✅ Part 0\n• Part 1\n• Part 2\n• Part 3\n• Part 4\n• Part 5\n• Part 6\n• Part 7\n• Part 8\n• Part 9\nand 7 more`,
  );
});

it('nobody is mentioned by what a vendor writes', async () => {
  const slack = fakeSlack();
  const request = step('trigger', 'opened');
  const text = '<!channel> <@U1> & <https://evil.test|click>';
  await bot().send({
    ...request,
    alert: { ...request.alert, title: text },
    about: tellable({ description: text, summary: text }),
  });
  const { text: plain, blocks } = slack.posts[0] ?? {};
  expect(plain).not.toMatch(/<[!@h]/);
  expect(JSON.stringify(blocks?.slice(1))).not.toMatch(/<(?!!date|https:..ops)/);
});

it('stands in for a destination that failed, and says for which', async () => {
  const slack = fakeSlack();
  const failed = aDelivery({ destination: 'oncall', target: 'pagerduty:1', status: 'failed' });
  const request = step('trigger', 'fallback', JSON.stringify({ channel: 'C0123456789', ts: '1.2' }));
  await bot().send({
    ...request,
    memo: undefined,
    alert: { ...request.alert, deliveries: [failed, request.delivery] },
  });
  expect(JSON.stringify(slack.posts[0]?.blocks)).toContain('did not accept it');
  expect(JSON.stringify(slack.posts[0]?.blocks)).toContain('oncall');
});

it.each([
  ['ratelimited', 'throttled'],
  ['message_limit_exceeded', 'throttled'],
  ['service_unavailable', 'transient'],
  ['org_login_required', 'transient'],
  ['fatal_error', 'unknown'],
  ['internal_error', 'unknown'],
  ['channel_not_found', 'permanent'],
  ['not_in_channel', 'permanent'],
  ['is_archived', 'permanent'],
  ['invalid_auth', 'permanent'],
  ['external_channel_migrating', 'transient'],
  ['token_revoked', 'permanent'],
  ['account_inactive', 'permanent'],
  ['missing_scope', 'permanent'],
  ['an_error_of_tomorrow', 'permanent'],
])('%s is %s', async (error, outcome) => {
  const slack = fakeSlack();
  slack.answer = () => error;
  expect(await bot().send(step('trigger', 'opened'))).toEqual({
    outcome,
    statusCode: 200,
    error: `Slack says ${error}`,
    retryAfterMs: null,
  });
});

it('a 429 says when to come back', async () => {
  const slack = fakeSlack();
  slack.answer = () =>
    HttpResponse.json({ ok: false, error: 'ratelimited' }, { status: 429, headers: { 'retry-after': '30' } });
  expect(await bot().send(step('trigger', 'opened'))).toMatchObject({ outcome: 'throttled', retryAfterMs: 30_000 });
});

it('blocks that Slack refuses do not cost the alert: its text is sent', async () => {
  const slack = fakeSlack();
  slack.answer = (_, { blocks }) => ((blocks ?? []).length > 0 ? 'invalid_blocks' : undefined);
  expect(await bot().send(step('trigger', 'opened'))).toMatchObject({ outcome: 'delivered' });
  expect(slack.posts).toMatchObject([{ text: '🔴 Acme: Payments are down (critical)' }]);
});

it('a reply that fails is tried again with its edit, which does no harm', async () => {
  const slack = fakeSlack();
  const memo = memoOf(await bot().send(step('trigger', 'opened')));
  slack.answer = (_, { thread_ts: thread }) => (thread === undefined ? undefined : 'service_unavailable');
  expect(await bot().send(step('update', 'words', memo))).toMatchObject({ outcome: 'transient' });
  slack.answer = () => undefined;
  expect(await bot().send(step('update', 'words', memo))).toMatchObject({ outcome: 'delivered' });
  expect(slack.posts).toHaveLength(2);
});

it('is known by its channel and its workspace, not by its token or its name', () => {
  expect(bot(slackApi, 'xoxb-123456789012-98765-rotated').target).toBe(bot().target);
  expect(bot(slackApi, 'xoxb-210987654321-abcdefGHIJKLmnop').target).not.toBe(bot().target);
  expect(bot(slackApi, 'xoxe.xoxb-1-abc').target).toBe(bot(slackApi, 'xoxe.xoxb-1-def').target);
  expect(bot()).toMatchObject({ type: 'slack', showsWords: true, updateEveryMs: 0, perMinute: 50 });
});

it('the preview of an alert that is told already is the edit of its message', () => {
  const memo = JSON.stringify({ channel: 'C0123456789', ts: '1772366400.000001' });
  expect(bot().preview(step('update', 'words', memo))).toMatchObject({
    url: `${slackApi}/chat.update`,
    body: { channel: 'C0123456789', ts: '1772366400.000001' },
  });
});

it('words that grow when they are escaped are cut, and no character is cut in two', async () => {
  const slack = fakeSlack();
  const memo = memoOf(await bot().send(step('trigger', 'opened')));
  const request = step('update', 'words', memo);
  await bot().send({ ...request, about: tellable({ description: '&<>'.repeat(1000) }, { status: 'investigating' }) });
  const reply = String(slack.posts.at(-1)?.text);
  expect(reply.length).toBeLessThan(3600);
  expect(reply).toMatch(/(&amp;|&lt;|&gt;)…$/);
});
