// Status pages that real processes poll, each with an outage that begins and ends when it is told to.
import { startHttpServer } from './http-server.ts';
import { component, incident, summary } from './status-page.ts';

export interface Outages {
  /** For `STATUS_PAGES`. */
  readonly pages: string;
  begin(page: number): void;
  end(page: number): void;
  /** Resolves when each page has been read once since it last changed. */
  read(): Promise<void>;
}

const components = 10;

/** One summary, with an incident and ten components that are down while there is an outage. */
const body = (page: number, began: string | undefined) => {
  const status = began === undefined ? 'operational' : 'major_outage';
  return summary({
    pageId: `page${page}`,
    updatedAt: new Date().toISOString(),
    incidents: began === undefined ? [] : [incident('1', { started_at: began, updated_at: began })],
    components: Array.from({ length: components }, (_, at) =>
      component(`c${at}`, status, { updated_at: began ?? '2026-01-01T00:00:00Z' }),
    ),
  });
};

export const startOutages = async (count: number): Promise<Outages> => {
  const began = new Map<number, string>();
  const unread = new Set(Array.from({ length: count }, (_, page) => page));
  const waiting = new Set<() => void>();
  const origin = await startHttpServer((request, response) => {
    const page = Number(request.url?.slice(1));
    response.end(JSON.stringify(body(page, began.get(page))));
    unread.delete(page);
    if (unread.size > 0) return;
    for (const resume of waiting) resume();
    waiting.clear();
  });
  return {
    pages: Array.from({ length: count }, (_, page) => `p${page}=${origin}/${page}`).join(','),
    begin: (page) => void began.set(page, new Date().toISOString()),
    end: (page) => void began.delete(page),
    read: () => (unread.size === 0 ? Promise.resolve() : new Promise((resume) => waiting.add(resume))),
  };
};
