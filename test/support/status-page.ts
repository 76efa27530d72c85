import { HttpResponse, http } from 'msw';
import type { SummaryPayload } from '../../src/ingest/polling/payload.ts';
import { statuspage } from '../../src/ingest/statuspage/dialect.ts';
import { network } from './network.ts';

export const statusUrl = 'https://status.acme.test/api/v2/summary.json';

export interface FakePage {
  /** What the page answers from now on: a summary, or any response. */
  serve(answer: object | (() => Response | Promise<Response>)): void;
  /** The headers of every request. */
  readonly requests: Headers[];
}

/** A status page, at the network's edge. */
export const fakePage = (url = statusUrl): FakePage => {
  const requests: Headers[] = [];
  let answer: () => Response | Promise<Response> = () => new HttpResponse(null, { status: 404 });
  network.use(
    // It tells nothing of its past.
    http.get(url.replace('summary.json', 'incidents.json'), () => new HttpResponse(null, { status: 404 })),
    http.get(url, ({ request }) => {
      requests.push(request.headers);
      return answer();
    }),
  );
  return {
    requests,
    serve(next) {
      answer = typeof next === 'function' ? () => next() as Response : () => HttpResponse.json(next);
    },
  };
};

export interface SummaryParts {
  readonly pageId?: string;
  readonly indicator?: string;
  readonly updatedAt?: string;
  readonly incidents?: readonly object[];
  readonly components?: readonly object[];
  readonly maintenances?: readonly object[];
}

/** A `summary.json` with these parts. */
export const summary = ({
  pageId = 'acme',
  indicator,
  updatedAt,
  incidents = [],
  components = [],
  maintenances,
}: SummaryParts) => ({
  page: { id: pageId, name: 'Acme', ...(updatedAt && { updated_at: updatedAt }) },
  incidents,
  components,
  ...(indicator && { status: { indicator } }),
  ...(maintenances && { scheduled_maintenances: maintenances }),
});

export const incident = (id: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  name: `Incident ${id}`,
  status: 'investigating',
  impact: 'major',
  started_at: '2026-03-01T11:00:00.000Z',
  updated_at: '2026-03-01T11:00:00.000Z',
  resolved_at: null,
  ...more,
});

export const component = (id: string, status: string, more: Readonly<Record<string, unknown>> = {}) => ({
  id,
  name: `Component ${id}`,
  status,
  updated_at: '2026-03-01T11:30:00.000Z',
  ...more,
});

/** The payload of a summary with these parts, fetched at noon from a status page that was read before. */
export const summaryPayload = (parts: SummaryParts, more: Partial<SummaryPayload> = {}): SummaryPayload => ({
  type: 'summary',
  page: 'acme',
  fetchedAt: '2026-03-01T12:00:00.000Z',
  summary: statuspage.read([summary(parts)], 0),
  ongoing: [],
  missingSince: {},
  contradictsSince: null,
  vanishedUses: [],
  staleAfterMs: 900_000,
  firstLook: false,
  ...more,
});
