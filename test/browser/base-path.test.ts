// The dashboard in a real Chromium, behind a proxy that has it under a path.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { startServer } from '../support/page.ts';
import { fakePagerDuty } from '../support/pagerduty.ts';
import { startPathProxy } from '../support/path-proxy.ts';
import { stripeEvent } from '../support/stripe.ts';

let chromium: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  if (hasBrowser) chromium = await openBrowser();
}, 60_000);
afterAll(() => chromium?.close());

const token = 'tok_of_16_letters';

describe.skipIf(!hasBrowser)('the dashboard under a path', () => {
  it.each([
    { strips: true, renames: true },
    { strips: false, renames: false },
  ])('works behind a proxy (%j)', async (options) => {
    fakePagerDuty();
    const own = { url: '' };
    const base = `${await startPathProxy(() => own.url, options)}/signals`;
    const server = await startServer({ PUBLIC_URL: base, API_TOKEN: token });
    own.url = server.url;
    const context = await chromium.browser.newContext();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(`${base}/`) && !request.url().startsWith('data:')) problems.push(request.url());
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
    });

    await server.postStripe(stripeEvent('evt_1', 'payout.failed', { created: Math.floor(Date.now() / 1000) }));
    await page.goto(`${base}/alerts/evt_1`);
    await page.fill('#token', token);
    await page.click('button');
    await page.waitForURL(`${base}/?alert=evt_1`);
    await page.locator('#connection.live').waitFor();
    await page.locator('#alert-title').waitFor();
    await page.getByRole('link', { name: 'Vendors', exact: true }).first().click();
    await page.waitForURL(`${base}/?view=vendors`);
    await page.goBack();
    await page.locator('#alert-title').waitFor();
    await page.getByRole('link', { name: 'API' }).click();
    await page.waitForURL(`${base}/docs`);
    await page.locator('.opblock-summary-path').first().waitFor();
    await page.getByRole('link', { name: 'Now' }).click();
    await page.locator('#open-alerts').waitFor();
    await page.locator('#connection.live').waitFor();
    expect(problems).toEqual([]);
    // In one step: on a busy machine the words beside it may change, and move it, between two.
    await page.locator('#sign-out button').dispatchEvent('click');
    await page.waitForURL(`${base}/login`);
    // What it asks for while it signs out is refused.
    expect(problems.filter((problem) => !problem.startsWith('401 '))).toEqual([]);
    await context.close();
  });
});
