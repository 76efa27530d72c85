// Microsoft Teams, by a Workflows address ("When a Teams webhook request is received"), which can only post.
import type { Destination, SendRequest } from '../destination.ts';
import { type Message, post, previewPost, threadHeaders } from '../http-post.ts';
import type { Client } from '../http-request.ts';
import { type Naming, namingOf } from '../naming.ts';
import { secretsOfUrl, withoutPath } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { toTeamsMessage } from './message.ts';

export interface TeamsOptions extends Naming {
  readonly url: string;
  readonly timeoutMs: number;
}

const usualPerMinute = 60;
const updateEveryMs = 300_000;

export const createTeams = (options: TeamsOptions, client: Client): Destination => {
  const { url, timeoutMs } = options;
  const messageOf = (request: SendRequest, address: string): Message => ({
    url: address,
    headers: threadHeaders(request),
    body: toTeamsMessage(request),
  });
  return {
    type: 'teams',
    ...namingOf(options, usualPerMinute),
    target: targetOf('teams', url),
    showsWords: false,
    hasKeys: false,
    showsRaw: false,
    updateEveryMs,
    preview: (request) => previewPost(messageOf(request, withoutPath(url))),
    send: (request) =>
      post(client, {
        ...messageOf(request, url),
        timeoutMs,
        // A workflow that was started answers 202; one with a response of its own may answer 200.
        accepted: [200, 202],
        secrets: secretsOfUrl(url),
      }),
  };
};
