// Stripe's list of events at the network's edge, as its documentation describes it: newest first, at most 100 a page,
// `starting_after`, and bounds of `created`. It throttles and fails where a test says so.
import { HttpResponse, http } from 'msw';
import { network } from './network.ts';

export interface ListedEvent {
  readonly id: string;
  readonly created: number;
  readonly [field: string]: unknown;
}

export interface FakeStripeList {
  /** The query of each request, without the limit. */
  readonly requests: string[];
  readonly keys: (string | null)[];
  /** Answers in the place of the list, for the request of this number, from 1; undefined for the list. */
  instead: (request: number) => Response | undefined;
}

/** @param pageSize as many as Stripe gives at most, made smaller so that there are pages */
export const fakeStripeList = (events: () => readonly ListedEvent[], pageSize = 100): FakeStripeList => {
  const fake: FakeStripeList = { requests: [], keys: [], instead: () => undefined };
  network.use(
    http.get('https://api.stripe.com/v1/events', ({ request }) => {
      const { searchParams: params } = new URL(request.url);
      const limit = Math.min(pageSize, Number(params.get('limit')));
      params.delete('limit');
      fake.requests.push(decodeURIComponent(params.toString()));
      fake.keys.push(request.headers.get('authorization'));
      const answer = fake.instead(fake.requests.length);
      if (answer) return answer;
      const from = Number(params.get('created[gte]') ?? 0);
      const until = Number(params.get('created[lte]') ?? Number.MAX_SAFE_INTEGER);
      const listed = events()
        .filter(({ created }) => created >= from && created <= until)
        .toSorted((a, b) => b.created - a.created);
      const begin = listed.findIndex(({ id }) => id === params.get('starting_after')) + 1;
      const data = listed.slice(begin, begin + limit);
      return HttpResponse.json({ object: 'list', data, has_more: begin + limit < listed.length, url: '/v1/events' });
    }),
  );
  return fake;
};
