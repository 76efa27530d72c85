import { expect, it } from 'vitest';
import { startApi } from '../../support/api.ts';
import { summary } from '../../support/status-page.ts';

it('shows what is known of each status page, and which were skipped', async () => {
  const api = startApi();
  const pages = () => api.json('/pages');
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
  expect(await pages()).toEqual({ pages: [fresh], skipped: ['spreedly'] });
  await api.pull(summary({ updatedAt: '2026-03-01T11:59:00.000Z' }));
  expect(await pages()).toMatchObject({
    pages: [{ condition: 'good', page_id: 'acme', newest_updated_at: '2026-03-01T11:59:00.000Z' }],
  });
  api.failToServe();
  await api.pull();
  expect(await pages()).toMatchObject({
    pages: [{ condition: 'failing', consecutive_failures: 1, failing_since: '2026-03-01T12:00:00.000Z' }],
  });
});
