// A workspace of Slack at the network's edge, which keeps its messages. It answers as the documentation of
// chat.postMessage, chat.update and "Rate limits" (docs.slack.dev) has it: errors with HTTP 200 and `ok: false`, a 429 with
// Retry-After above one message a second and channel where that is asked for.
import { HttpResponse, http } from 'msw';
import { network } from './network.ts';

export const slackApi = 'https://slack.com/api';
export const slackToken = 'xoxb-123456789012-abcdefGHIJKLmnop';

export interface SlackPost {
  readonly ts: string;
  readonly channel: string;
  text: string;
  blocks: readonly unknown[];
  readonly threadTs: string | undefined;
  readonly isBroadcast: boolean;
  edits: number;
}

interface Body {
  readonly channel?: string;
  readonly ts?: string;
  readonly text?: string;
  readonly blocks?: readonly unknown[];
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
}

export interface FakeSlack {
  readonly posts: SlackPost[];
  /** Every call, as `method`. */
  readonly calls: string[];
  readonly bodies: unknown[];
  /** Answers the next calls of a method with this error, or with a response; undefined for what it should. */
  answer: (method: string, body: Body) => string | Response | undefined;
  delete(ts: string): void;
}

const fail = (error: string) => HttpResponse.json({ ok: false, error });

export const fakeSlack = (apiUrl = slackApi, channel = '#vendors', id = 'C0123456789'): FakeSlack => {
  let count = 0;
  const fake: FakeSlack = {
    posts: [],
    calls: [],
    bodies: [],
    answer: () => undefined,
    delete(ts) {
      const at = fake.posts.findIndex((post) => post.ts === ts);
      if (at >= 0) fake.posts.splice(at, 1);
    },
  };

  const postMessage = (body: Body): Response => {
    if (body.channel !== channel && body.channel !== id) return fail('channel_not_found');
    if ((body.text ?? '') === '') return fail('no_text');
    count += 1;
    const ts = `1772366400.${String(count).padStart(6, '0')}`;
    fake.posts.push({
      ts,
      channel: id,
      text: body.text ?? '',
      blocks: body.blocks ?? [],
      threadTs: body.thread_ts,
      isBroadcast: body.reply_broadcast ?? false,
      edits: 0,
    });
    return HttpResponse.json({ ok: true, channel: id, ts, message: { text: body.text } });
  };

  const update = (body: Body): Response => {
    // A name is not enough here: chat.update wants the channel's id.
    if (body.channel !== id) return fail('channel_not_found');
    const found = fake.posts.find(({ ts }) => ts === body.ts);
    if (!found) return fail('message_not_found');
    found.text = body.text ?? '';
    found.blocks = body.blocks ?? [];
    found.edits += 1;
    return HttpResponse.json({ ok: true, channel: id, ts: found.ts, text: found.text });
  };

  network.use(
    http.post(`${apiUrl}/:method`, async ({ request, params }) => {
      const method = String(params.method);
      const body: Body = JSON.parse(await request.clone().text());
      fake.calls.push(method);
      fake.bodies.push(body);
      const asked = fake.answer(method, body);
      if (asked instanceof Response) return asked;
      if (asked !== undefined) return fail(asked);
      if (request.headers.get('authorization') !== `Bearer ${slackToken}`) return fail('invalid_auth');
      return method === 'chat.update' ? update(body) : postMessage(body);
    }),
  );
  return fake;
};
