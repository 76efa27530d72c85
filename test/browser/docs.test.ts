// The description of the API in a real Chromium.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { openPage, startServer, violations } from '../support/page.ts';
import { fakePagerDuty } from '../support/pagerduty.ts';

let chromium: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  if (hasBrowser) chromium = await openBrowser();
}, 60_000);
afterAll(() => chromium?.close());

describe.skipIf(!hasBrowser)('the description of the API', () => {
  it('an address leads to an operation, which opens and can be reached by the keyboard', async () => {
    fakePagerDuty();
    const server = await startServer();
    const { page, problems } = await openPage(chromium.browser, server.url);
    await page.goto(`${server.url}/docs`);
    const operation = page.locator('.opblock', { hasText: '/alerts/{alert_id}/resolve' });
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.opblock-body').waitFor();
    const address = page.url();
    expect(new URL(address).hash).toMatch(/^#\/alerts\/.*resolve/);
    const nested = (shown: Page) => violations(shown, 'nested-interactive');
    expect(await nested(page)).toEqual([]);

    const other = await page.context().newPage();
    await other.goto(address);
    await other.locator('.opblock.is-open', { hasText: '/alerts/{alert_id}/resolve' }).waitFor();
    expect(await other.locator('.opblock.is-open').count()).toBe(1);
    expect(await nested(other)).toEqual([]);
    expect(problems).toEqual([]);
  });
});
