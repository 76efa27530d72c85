// The page in a real Chromium, before the real service.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpResponse } from 'msw';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { openPage, overflow, type Server, seriousViolations, startServer } from '../support/page.ts';
import { accepted, fakePagerDuty, refused } from '../support/pagerduty.ts';
import { component, fakePage, incident, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

let chromium: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  if (hasBrowser) chromium = await openBrowser();
}, 60_000);
afterAll(() => chromium?.close());

const startedNow = () => ({ created: Math.floor(Date.now() / 1000) });
const failedPayout = (id: string) => stripeEvent(id, 'payout.failed', startedNow());
const failedPayment = (id: string) => stripeEvent(id, 'payment_intent.payment_failed', startedNow());

/** One of each: an incident and a component that go on, an incident that is over, a payout, a payment. */
const startWithEvents = async (): Promise<Server> => {
  fakePagerDuty();
  const acme = fakePage();
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  acme.serve(
    summary({
      incidents: [
        incident('1', { name: 'Payments are down', started_at: minutesAgo(125), updated_at: minutesAgo(5) }),
        incident('2', { name: 'It is over', started_at: minutesAgo(600), resolved_at: minutesAgo(300) }),
      ],
      components: [component('a', 'degraded_performance', { name: 'Dashboard', updated_at: minutesAgo(30) })],
    }),
  );
  const server = await startServer();
  await server.pull();
  await server.postStripe(failedPayout('evt_payout'));
  await server.postStripe(failedPayment('evt_payment'));
  await server.app.idle();
  return server;
};

const row = (page: Page, list: 'open' | 'events', text: string) => page.locator(`#${list} li`, { hasText: text });

describe.skipIf(!hasBrowser)(
  hasBrowser ? 'the page' : 'the page, skipped for want of a Chromium',
  { timeout: 60_000 },
  () => {
    it('explains an empty system, and shows the first event by itself', async () => {
      fakePagerDuty();
      const server = await startServer();
      const { page, problems } = await openPage(chromium.browser, server.url);
      await page.getByText('Nothing has been received yet').waitFor();
      expect(await page.locator('#empty code').first().textContent()).toContain(`--url ${server.url}/ingest/stripe`);
      expect(await page.locator('#open-summary').textContent()).toBe('✓ Nothing is open');
      expect(await seriousViolations(page)).toEqual([]);

      await server.postStripe(failedPayout('evt_1'));
      await row(page, 'open', 'payout.failed').waitFor();
      await row(page, 'events', 'payout.failed').waitFor();
      await page.locator('#empty').waitFor({ state: 'hidden' });
      await page.locator('#events .paged.good').waitFor();
      expect(await page.title()).toBe('(1) vendor-signals');
      expect(problems).toEqual([]);
    });

    it('shows what is open first, how each source does, and the timeline in a picture and in words', async () => {
      const server = await startWithEvents();
      const { page, problems } = await openPage(chromium.browser, server.url);
      expect(await page.locator('#open .summary').allTextContents()).toEqual([
        'payout.failed: obj_evt_payout',
        'Payments are down',
        'Dashboard: degraded_performance',
      ]);
      const sources = await page.locator('#sources li').allTextContents();
      expect(sources[0]).toMatch(/^stripe1 open✓ receiving · last webhook just now$/);
      expect(sources[1]).toMatch(/^acme_status2 open✓ read · last read just now$/);
      expect(sources.slice(2).every((text) => text.includes('skipped'))).toBe(true);
      const picture = page.getByRole('img', { name: /Timeline of the last 24 hours/ });
      expect(await picture.locator('.mark').count()).toBe(5);
      expect(await picture.locator('.mark.critical title').allTextContents()).toContain(
        'Critical, open: Payments are down',
      );
      await page.getByText('The timeline in words').click();
      expect(await page.locator('#timeline-words li').allTextContents()).toContain(
        'acme_status: 2 critical, 1 warning in the last 24 hours, 2 of them still going on',
      );
      await page.getByRole('button', { name: '7 days' }).click();
      await page.getByRole('img', { name: /Timeline of the last 7 days/ }).waitFor();
      expect(page.url()).toBe(`${server.url}/?range=7d`);
      await page.locator('#timeline .mark.critical').last().click();
      await page.locator('#detail-title').waitFor();
      expect(problems).toEqual([]);
    });

    it('says of a page that cannot be read that it is failing', async () => {
      const acme = fakePage();
      acme.serve(() => new HttpResponse(null, { status: 500 }));
      const server = await startServer();
      await server.pull();
      const { page } = await openPage(chromium.browser, server.url);
      expect(await page.locator('#sources li.failing').textContent()).toMatch(/acme_status.*failing.*never read.*500/);
    });

    it('misses nothing while the service restarts, and reads nothing again', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'page-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      fakePagerDuty();
      const env = { STORE_URL: `sqlite:${join(folder, 'events.db')}` };
      const first = await startServer(env);
      await first.postStripe(failedPayment('evt_before'));
      const { page } = await openPage(chromium.browser, first.url);
      await row(page, 'events', 'evt_before').waitFor();
      await first.stop();
      await page.getByText('Reconnecting…').waitFor();

      const second = await startServer(env, first.port);
      const lists: string[] = [];
      page.on('request', (request) => {
        if (request.url().includes('/events?')) lists.push(request.url());
      });
      for (let count = 0; count < 20; count++) await second.postStripe(failedPayment(`evt_missed_${count}`));
      await page.locator('#connection.live').waitFor();
      await second.postStripe(failedPayment('evt_after'));
      await row(page, 'events', 'evt_after').waitFor();
      expect(await page.locator('#events li').count()).toBe(22);
      expect(lists).toEqual([]);
    });

    it('reads the list again when what was missed cannot be told', async () => {
      fakePagerDuty();
      const first = await startServer();
      await first.postStripe(failedPayment('evt_before'));
      const { page } = await openPage(chromium.browser, first.url);
      await row(page, 'events', 'evt_before').waitFor();
      await first.stop();
      // In memory: it knows nothing of what the first one told.
      const second = await startServer({}, first.port);
      await second.postStripe(failedPayment('evt_missed'));
      await row(page, 'events', 'evt_missed').waitFor();
      await row(page, 'events', 'evt_before').waitFor({ state: 'detached' });
    });

    it('keeps the filters in the address, and lets in only what they let through', async () => {
      const server = await startWithEvents();
      const { page, problems } = await openPage(chromium.browser, server.url);
      const listed = async (count: number) => {
        await expect.poll(() => page.locator('#events li').count()).toBe(count);
        return page.locator('#events .badge').allTextContents();
      };
      expect(await listed(5)).toHaveLength(5);
      await page.getByLabel('Severity').selectOption('warning');
      expect(new Set(await listed(2))).toEqual(new Set(['◆ Warning']));
      expect(page.url()).toBe(`${server.url}/?severity=warning`);
      await page.getByRole('combobox', { name: 'Source' }).fill('stripe');
      await page.getByRole('button', { name: 'Apply' }).click();
      await listed(1);
      expect(page.url()).toBe(`${server.url}/?severity=warning&source=stripe`);

      await server.postStripe(failedPayout('evt_other'));
      await server.postStripe(failedPayment('evt_same'));
      await row(page, 'events', 'evt_same').waitFor();
      await row(page, 'open', 'evt_other').waitFor();
      await listed(2);

      await page.goBack();
      await listed(3);
      expect(await page.getByRole('combobox', { name: 'Source' }).inputValue()).toBe('');
      await page.goBack();
      await listed(7);
      const shared = await openPage(chromium.browser, `${server.url}/?severity=warning&source=stripe`);
      await expect.poll(() => shared.page.locator('#events li').count()).toBe(2);
      expect(await shared.page.getByLabel('Severity').inputValue()).toBe('warning');
      expect(problems).toEqual([]);
    });

    it('says what is wrong with a filter', async () => {
      const server = await startServer();
      const { page } = await openPage(chromium.browser, server.url);
      await page.getByText('More filters').click();
      await page.getByLabel('First seen since').fill('yesterday');
      await page.getByRole('button', { name: 'Apply' }).click();
      await page.locator('#trouble', { hasText: 'a parameter is not usable' }).waitFor();
    });

    it('shows the whole story of one event, what the vendor sent redacted and folded, and goes back', async () => {
      fakePagerDuty();
      const server = await startServer();
      await server.postStripe(stripeEvent('evt_1', 'payout.failed', { ...startedNow(), email: 'jo@example.com' }));
      await server.app.idle();
      const { page, problems } = await openPage(chromium.browser, `${server.url}/?event=evt_1`);
      const detail = page.locator('#detail');
      await detail.getByText('Sent, because critical events are always sent.').first().waitFor();
      const text = await detail.innerText();
      expect(text).toContain('trigger to pagerduty: delivered, 1 attempt');
      expect(text).toContain('delivered, answered 202');
      expect(text).toContain('Seen for the first time');
      expect(text).not.toContain('jo@example.com');
      await detail.getByText('Original from the vendor').click();
      await detail.getByText('Left out: e-mail addresses (1).').waitFor();
      await expect.poll(() => detail.locator('pre').textContent()).toContain('"email": "[email]"');
      await page.getByRole('link', { name: '← All events' }).click();
      expect(page.url()).toBe(`${server.url}/`);
      await detail.waitFor({ state: 'hidden' });
      await page.goBack();
      await detail.waitFor();
      expect(problems).toEqual([]);
    });

    it('says so when an event is not there any more', async () => {
      const server = await startServer();
      const { page } = await openPage(chromium.browser, `${server.url}/?event=gone`);
      await page.getByText('no event with this id is stored').waitFor();
    });

    /** Goes on with Tab until this has the focus. */
    const tabTo = async (page: Page, selector: string): Promise<void> => {
      for (let presses = 0; presses < 60; presses++) {
        if (await page.locator(selector).evaluate((node) => node.ownerDocument.activeElement === node)) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not reach ${selector}`);
    };

    it('is used with the keyboard alone: to an event, to sending its page again, and back', async () => {
      const pagerDuty = fakePagerDuty();
      pagerDuty.answer = () => refused(400);
      const server = await startServer();
      await server.postStripe(failedPayout('evt_1'));
      await server.app.idle();
      const { page } = await openPage(chromium.browser, server.url);
      await row(page, 'open', 'notification failed').waitFor();
      await tabTo(page, '#open .summary');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('#detail-title').evaluate((node) => node.matches(':focus'))).toBe(true);
      await page.getByText('permanent, answered 400').waitFor();
      pagerDuty.answer = accepted;
      await tabTo(page, '#detail .delivery button');
      await page.keyboard.press('Enter');
      await page.locator('#told', { hasText: 'Queued again.' }).waitFor();
      await page.locator('#detail .delivery', { hasText: 'delivered' }).waitFor();
      expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.locator('#open .summary').evaluate((node) => node.matches(':focus'))).toBe(true);
    });

    it('resolves an event by hand, with a note, and closes its page', async () => {
      const server = await startWithEvents();
      const { page, problems } = await openPage(chromium.browser, `${server.url}/?event=evt_payout`);
      await page.getByLabel('Note, kept in the history').fill('the bank has been called');
      await page.getByRole('button', { name: 'Resolve' }).click();
      await page.locator('#told', { hasText: 'Resolved.' }).waitFor();
      await page.locator('#detail', { hasText: 'resolved by hand: the bank has been called' }).waitFor();
      await page.locator('#detail .delivery', { hasText: /resolve to pagerduty.*delivered/ }).waitFor();
      await row(page, 'open', 'payout.failed').waitFor({ state: 'detached' });
      expect(problems).toEqual([]);
    });

    it('a page that must not be sent any more is not, and the page says why', async () => {
      const pagerDuty = fakePagerDuty();
      pagerDuty.answer = () => refused(400);
      const server = await startServer();
      await server.postStripe(failedPayout('evt_1'));
      await server.app.idle();
      await server.request('/events/evt_1/resolve', { method: 'POST' });
      const { page } = await openPage(chromium.browser, `${server.url}/?event=evt_1`);
      await page.getByRole('button', { name: 'Send the trigger to pagerduty again' }).click();
      await page.locator('#detail .outcome', { hasText: 'it is not sent again' }).waitFor();
      expect(pagerDuty.accepted).toEqual([]);
    });

    it('somebody signs in with the token, and out again', async () => {
      const token = 'tok_of_the_page';
      const server = await startServer({ API_TOKEN: token });
      const context = await chromium.browser.newContext();
      onTestFinished(() => context.close());
      const page = await context.newPage();
      await page.goto(`${server.url}/?severity=critical`);
      await page.getByLabel('API token').fill('wrong');
      await page.keyboard.press('Enter');
      await page.getByText('Not signed in: this is not the token.').waitFor();
      await page.getByLabel('API token').fill(token);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${server.url}/?severity=critical`);
      await page.locator('#connection.live').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.waitForURL(`${server.url}/login`);
      await page.goto(server.url);
      expect(new URL(page.url()).pathname).toBe('/login');
    });

    it('takes who is not signed in to the form, and says where to come back to', async () => {
      const server = await startServer({ API_TOKEN: 'secret' });
      const page = await chromium.browser.newPage();
      onTestFinished(() => page.close());
      await page.goto(`${server.url}/?severity=info`, { waitUntil: 'commit' });
      await page.waitForURL(`${server.url}/login?next=${encodeURIComponent('/?severity=info')}`);
    });

    const hostile = [
      '<script>window.hacked = 1</script>',
      '<img src=x onerror="window.hacked = 1">',
      '\u202egnitirw sdrawkcab\u202e',
      'x'.repeat(4000),
      'averylongnamewithoutspaces_'.repeat(40),
    ];

    it.each([360, 1280])(
      'shows whatever vendors write as text, in %i pixels, and executes none of it',
      async (width) => {
        fakePagerDuty();
        const acme = fakePage();
        const now = new Date().toISOString();
        acme.serve(
          summary({
            incidents: hostile.map((name, index) =>
              incident(`i${index}`, {
                name,
                started_at: now,
                updated_at: now,
                incident_updates: [{ id: 'u', body: name, created_at: now, status: name }],
              }),
            ),
            components: hostile.map((name, index) => component(`c${index}`, 'major_outage', { name, updated_at: now })),
          }),
        );
        const server = await startServer();
        await server.pull();
        for (const [index, text] of hostile.entries()) {
          await server.postStripe(
            stripeEvent(`evt_${index}`, 'payout.failed', {
              ...startedNow(),
              data: { object: { id: text, failure_message: text, [text]: [text] } },
            }),
          );
        }
        await server.app.idle();
        const { page, problems } = await openPage(chromium.browser, server.url, { viewport: { width, height: 800 } });
        await page.getByRole('button', { name: 'Show all 15' }).click();
        expect(await page.locator('#open li').count()).toBe(15);
        const texts = await page.locator('#open .summary').allTextContents();
        for (const text of hostile.slice(0, 3)) expect(texts).toContain(text);
        expect(await overflow(page)).toBe(0);
        const ids = (await server.events('?limit=100')).map(({ event_id: id }) => id);
        for (const id of ids) {
          await page.goto(`${server.url}/?event=${encodeURIComponent(id)}`);
          await page.locator('#detail dl').waitFor();
          await page.getByText('Original from the vendor').click();
          await page.locator('#detail pre').waitFor();
          expect(await overflow(page), id).toBe(0);
        }
        expect(await page.evaluate('window.hacked')).toBe(undefined);
        expect(await page.locator('main script, main img').count()).toBe(0);
        expect(problems).toEqual([]);
      },
    );

    it('shows a thousand events, a hundred at a time', async () => {
      fakePagerDuty();
      const server = await startServer();
      const types = ['payout.failed', 'payment_intent.payment_failed', 'customer.created'];
      for (let count = 0; count < 1000; count++) {
        const type = count % 50 === 0 ? types[0] : types[1 + (count % 2)];
        await server.postStripe(
          stripeEvent(`evt_${count}`, type, { created: Math.floor(Date.now() / 1000) - count * 300 }),
        );
      }
      await server.app.idle();
      const { page, problems } = await openPage(chromium.browser, `${server.url}/?range=7d`);
      await expect.poll(() => page.locator('#timeline .mark').count()).toBe(1000);
      expect(await page.locator('#open li').count()).toBe(8);
      for (let shown = 100; shown < 1000; shown += 100) {
        await expect.poll(() => page.locator('#events li').count()).toBe(shown);
        await page.getByRole('button', { name: 'Show older events' }).click();
      }
      await expect.poll(() => page.locator('#events li').count()).toBe(1000);
      await page.getByRole('button', { name: 'Show older events' }).waitFor({ state: 'hidden' });
      await server.postStripe(failedPayment('evt_newest'));
      await expect.poll(() => page.locator('#events li').first().textContent()).toContain('obj_evt_newest');
      expect(await page.locator('#events li').count()).toBe(1001);
      expect(await overflow(page)).toBe(0);
      expect(problems).toEqual([]);
    });

    it.each(['light', 'dark'] as const)(
      'has nothing that keeps somebody from using it, %s or narrow',
      async (colorScheme) => {
        const server = await startWithEvents();
        for (const width of [360, 1280]) {
          const { page, problems } = await openPage(chromium.browser, `${server.url}/?kind=incident`, {
            colorScheme,
            viewport: { width, height: 800 },
          });
          expect(await seriousViolations(page)).toEqual([]);
          await row(page, 'events', 'Payments are down').locator('a').click();
          await page.locator('#detail dl').waitFor();
          await page.getByText('Original from the vendor').click();
          expect(await seriousViolations(page)).toEqual([]);
          expect(await overflow(page)).toBe(0);
          expect(problems).toEqual([]);
        }
      },
    );
  },
);
