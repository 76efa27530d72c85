import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';
import { fakePage, summary } from '../../support/status-page.ts';

it('shows what is known of each page, and which pages were skipped', async () => {
  const page = fakePage();
  const { request, pull } = await startService();
  const pages = async () => (await request('/pages')).json();
  const fresh = {
    name: 'acme',
    source: 'acme_status',
    condition: 'unknown',
    page_id: null,
    newest_updated_at: null,
    last_good_at: null,
    last_attempt_at: null,
    last_error: null,
    consecutive_failures: 0,
    failing_since: null,
    candidate: null,
  };
  expect(await pages()).toEqual({ pages: [fresh], skipped: ['spreedly', 'braze'] });
  page.serve(summary({ updatedAt: '2026-03-01T11:59:00.000Z' }));
  await pull();
  expect(await pages()).toMatchObject({
    pages: [{ condition: 'good', page_id: 'acme', newest_updated_at: '2026-03-01T11:59:00.000Z' }],
  });
  page.serve(() => new HttpResponse(null, { status: 500 }));
  await pull();
  expect(await pages()).toMatchObject({
    pages: [{ condition: 'failing', consecutive_failures: 1, failing_since: '2026-03-01T12:00:00.000Z' }],
  });
});
