// Stripe's own list of the events that it sent: https://docs.stripe.com/api/events/list. It keeps them for 30 days, those
// of API v1 only, and lists those of connected accounts to nobody but themselves.
import * as z from 'zod';
import { readBytes } from '../../lib/body.ts';
import { errorText } from '../../lib/errors.ts';
import { parseJson } from '../../lib/json.ts';
import { readRetryAfter } from '../../lib/retry-after.ts';
import type { ListSent, SentPage, SentQuery } from '../list-sent.ts';
import { type Answer, get } from '../polling/http-get.ts';

const pageSize = 100;
const timeoutMs = 30_000;
const maxBodyBytes = 33_554_432;

/** With these the key or the request is wrong, and stays so. */
const finalStatuses: ReadonlySet<number> = new Set([400, 401, 403, 404]);

/** One odd event must not hide the others. */
const listSchema = z.object({ data: z.array(z.unknown()), has_more: z.boolean() });
const itemSchema = z.looseObject({ id: z.string() });

const addressOf = (apiUrl: string, { fromMs, after }: SentQuery): URL => {
  const url = new URL(`${apiUrl}/v1/events`);
  const { searchParams: params } = url;
  params.set('limit', String(pageSize));
  params.set('created[gte]', String(Math.floor(fromMs / 1000)));
  if (after !== null) params.set('starting_after', after);
  return url;
};

const failed = (error: string, isFinal = false, retryAfterMs: number | null = null): SentPage => ({
  ok: false,
  isFinal,
  error,
  retryAfterMs,
});

/** The id after which the next page begins; undefined when the list says that there is more, and not where. */
const nextOf = (data: readonly unknown[], after: string | null): string | undefined => {
  const last = itemSchema.safeParse(data.at(-1)).data?.id;
  return last === after ? undefined : last;
};

const readPage = async ({ status, headers, body }: Answer, after: string | null): Promise<SentPage> => {
  if (status !== 200) {
    body.destroy();
    const retryAfterMs = readRetryAfter(headers['retry-after'], Date.now());
    return failed(`HTTP ${status}`, finalStatuses.has(status), retryAfterMs);
  }
  const bytes = await readBytes(body, maxBodyBytes);
  const list = listSchema.safeParse(parseJson(new TextDecoder().decode(bytes)));
  if (!list.success) return failed('the answer is not a list of events');
  const { data: payloads, has_more: hasMore } = list.data;
  const next = hasMore ? nextOf(payloads, after) : null;
  if (next === undefined) return failed('the list says that there is more, and does not go on');
  return { ok: true, payloads, next, bytes: bytes.byteLength };
};

/**
 * @param apiKey a secret key, or a restricted one that may read events
 * @param apiUrl without a slash at its end
 */
export const createListEvents =
  (apiKey: string, apiUrl: string): ListSent =>
  async (query) => {
    const { client, userAgent } = query;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await get(addressOf(apiUrl, query), {
        client,
        headers: { accept: 'application/json', 'user-agent': userAgent, authorization: `Bearer ${apiKey}` },
        abort: AbortSignal.any([query.abort, limit]),
        isPublic: () => true,
        mustBePublic: false,
      });
      return await readPage(answer, query.after);
    } catch (error) {
      return failed(limit.aborted ? `no answer within ${timeoutMs / 1000} s` : errorText(error));
    }
  };
