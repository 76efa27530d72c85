// The dashboard in a real Chromium, before the real service.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasBrowser, openBrowser } from '../support/browser.ts';
import { openPage, overflow, type Server, startServer, violations } from '../support/page.ts';
import { accepted, fakePagerDuty, refused, routingKey } from '../support/pagerduty.ts';
import { rulesOf } from '../support/rules.ts';
import { component, fakePage, incident, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

let chromium: Awaited<ReturnType<typeof openBrowser>>;
beforeAll(async () => {
  if (hasBrowser) chromium = await openBrowser();
}, 60_000);
afterAll(() => chromium?.close());

const startedNow = () => ({ created: Math.floor(Date.now() / 1000) });
const failedPayout = (id: string) => stripeEvent(id, 'payout.failed', startedNow());
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** An incident and a component that go on, each with an alert, and a payout. */
const startWithAlerts = async (env: Readonly<Record<string, string>> = {}): Promise<Server> => {
  fakePagerDuty();
  const acme = fakePage();
  const server = await startServer(env);
  // As with real ones, its own id is not our name of it.
  acme.serve(summary({ pageId: 'kctbh9vrtdwd' }));
  await server.pull();
  acme.serve(
    summary({
      pageId: 'kctbh9vrtdwd',
      incidents: [incident('1', { name: 'Payments are down', started_at: minutesAgo(5), updated_at: minutesAgo(5) })],
      components: [component('a', 'degraded_performance', { name: 'Push', updated_at: minutesAgo(2) })],
    }),
  );
  await server.pull();
  await server.postStripe(failedPayout('evt_payout'));
  await server.app.idle();
  return server;
};

const themOrUs = rulesOf(
  `
version: 1
status_pages: { acme: { url: https://status.acme.test, payments: true } }
destinations: { oncall: { type: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}" } }
rates: [{ name: declines, over: 15m, above: 20%, at_least: 12, is: critical }]
routes: [{ name: critical wakes somebody, when: { severity: critical }, send: [oncall] }]
`,
  { env: { PAGERDUTY_ROUTING_KEY: routingKey }, environment: { routeWarning: false, destinations: [], pages: [] } },
);

const row = (page: Page, text: string) => page.locator('#open-alerts > li', { hasText: text });
const heading = (page: Page) => page.locator('#verdict');

describe.skipIf(!hasBrowser)(hasBrowser ? 'the dashboard' : 'the dashboard, skipped for want of a Chromium', () => {
  it('explains an empty system, and shows the first alert by itself, until it is over', async () => {
    fakePagerDuty();
    const server = await startServer();
    const { page, problems } = await openPage(chromium.browser, server.url);
    await page.getByText('Nothing has been received yet').waitFor();
    expect(await heading(page).textContent()).toContain('All is well');

    await server.postStripe(failedPayout('evt_1'));
    await row(page, 'Payout failed').getByText('pagerduty told').waitFor();
    expect(await heading(page).textContent()).toContain('1 critical');
    await expect.poll(() => page.title()).toBe('(1 critical) Now · vendor-signals');
    await page.getByText('Nothing has been received yet').waitFor({ state: 'detached' });

    await server.resolve('evt_1');
    await page.getByText('All is well').waitFor();
    expect(problems).toEqual([]);
  });

  const views = [
    ['', '#open-alerts'],
    ['?alert=evt_payout', '#alert-title'],
    ['?view=vendors', '.bar90'],
    ['?vendor=acme_status', '.bar90'],
    ['?view=events', '#events tbody tr'],
    ['?event=evt_payout', '#history'],
    ['?view=deliveries', 'table.rows'],
    ['?view=silences&page=acme', '.condition'],
    ['?view=rules', '#in-effect'],
  ] as const;

  const looks = [
    ['light', 1280],
    ['dark', 1280],
    ['light', 320],
  ] as const;

  const wear = async (page: Page, [colorScheme, width]: (typeof looks)[number]) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
  };

  const widths = [320, 700, 1280, 2560];

  /** What axe finds in what is shown, in each look. */
  const findingsIn = async (page: Page) => {
    const found: Record<string, readonly string[]> = {};
    for (const look of looks) {
      await wear(page, look);
      found[`${look}`] = await violations(page);
    }
    return found;
  };

  /** Goes to a view as a link does: loading all of it takes most of the time. */
  const follow = (page: Page, address: string): Promise<void> =>
    page.evaluate(async (to) => {
      history.pushState(null, '', to === '' ? '.' : to);
      dispatchEvent(new PopStateEvent('popstate'));
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
    }, address);

  /** Every view, seen once for both tests below. */
  const lookAtViews = async () => {
    const server = await startWithAlerts();
    const { page, problems } = await openPage(chromium.browser, server.url);
    const findings: Record<string, Awaited<ReturnType<typeof findingsIn>>> = {};
    const overflows: Record<string, number> = {};
    await page.locator('#connection.live').waitFor();
    for (const [address, shown] of views) {
      await follow(page, address);
      await page.locator(shown).first().waitFor();
      findings[address] = await findingsIn(page);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 800 });
        overflows[`${address} at ${width}`] = await overflow(page);
      }
    }
    return { server, page, problems, findings, overflows };
  };
  let looked: ReturnType<typeof lookAtViews> | undefined;
  const viewsSeen = () => {
    looked ??= lookAtViews();
    return looked;
  };
  const nothing = Object.fromEntries(looks.map((look) => [`${look}`, []]));

  it('axe finds nothing in any view, light, dark or 320 pixels wide', async () => {
    const { server, page, problems, findings } = await viewsSeen();
    expect(findings).toEqual(Object.fromEntries(views.map(([address]) => [address, nothing])));
    await page.goto(`${server.url}/nowhere`);
    expect(await findingsIn(page), 'not found').toEqual(nothing);
    // Swagger UI fades from one look into the next.
    for (const look of looks) {
      await wear(page, look);
      await page.goto(`${server.url}/docs`);
      await page.locator('.information-container[role="region"]').waitFor();
      expect(await violations(page), `docs, ${look}`).toEqual([]);
    }
    expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
  });

  const away = JSON.stringify({ detail: 'the event store is away', request_id: 'req_1' });
  const lists = /\/(alerts|events|deliveries|silences|rules|pages|destinations|sources)(\/|\?|$)/;

  it.each<[string, (route: Route) => Promise<void> | undefined]>([
    ['cannot be read', (route) => route.fulfill({ status: 503, body: away })],
    ['has not been read yet', () => undefined],
  ])('what %s does not look well, and its view has a heading', async (_, answer) => {
    const server = await startWithAlerts();
    const { page } = await openPage(chromium.browser, server.url);
    await page.route(lists, answer);
    await page.reload();
    await page.locator('#connection.live').waitFor();
    for (const [address] of views) {
      await follow(page, address);
      await page.locator('main [role=alert], main [role=status]').first().waitFor();
      expect(await violations(page), address).toEqual([]);
      expect(await page.getByText(/All is well|Nothing open|No alert is open/).count(), address).toBe(0);
    }
  });

  it('no view is wider than its window, from 320 to 2560 pixels', async () => {
    const { overflows } = await viewsSeen();
    const expected = views.flatMap(([address]) => widths.map((width) => [`${address} at ${width}`, 0]));
    expect(overflows).toEqual(Object.fromEntries(expected));
  });

  it('misses no alert while the service restarts, and meanwhile nothing goes on looking well', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    fakePagerDuty();
    const env = { STORE_URL: `sqlite:${join(folder, 'events.db')}` };
    const first = await startServer(env);
    const { page } = await openPage(chromium.browser, first.url);
    await page.getByText('All is well').waitFor();
    await first.stop();
    await page.getByText('Reconnecting').waitFor();
    await page.locator('#lost').waitFor();
    expect(await heading(page).textContent()).toContain('Not known');
    expect(await page.title()).toBe('? Now · vendor-signals');

    const second = await startServer(env, first.port);
    for (let count = 0; count < 5; count++) await second.postStripe(failedPayout(`evt_missed_${count}`));
    await row(page, 'evt_missed_4').waitFor();
    expect(await page.locator('#open-alerts > li').count()).toBe(5);
    await page.locator('#lost').waitFor({ state: 'detached' });
  });

  it('reads everything again when what was missed cannot be told', async () => {
    fakePagerDuty();
    const first = await startServer();
    await first.postStripe(failedPayout('evt_before'));
    const { page } = await openPage(chromium.browser, first.url);
    await row(page, 'evt_before').waitFor();
    await first.stop();
    // In memory: it knows nothing of what the first one told.
    const second = await startServer({}, first.port);
    await second.postStripe(failedPayout('evt_missed'));
    await row(page, 'evt_missed').waitFor();
    await row(page, 'evt_before').waitFor({ state: 'detached' });
  });

  it('a dashboard that is older than the service says so, once the service was started again', async () => {
    fakePagerDuty();
    const first = await startServer();
    const { page } = await openPage(chromium.browser, first.url);
    const update = page.getByText('The service was updated');
    const ofService = async () => (await fetch(first.url)).text();
    let markup = await ofService();
    let loads = 0;
    await page.route(`${first.url}/`, (route) => {
      loads++;
      return route.fulfill({ body: markup, contentType: 'text/html' });
    });
    await first.stop();
    const second = await startServer({}, first.port);
    await expect.poll(() => loads, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await update.count()).toBe(0);
    markup = (await ofService()).replace(/(?<before>&quot;version&quot;:&quot;)[^&]+/, '$<before>99');
    await second.stop();
    await startServer({}, first.port);
    await update.waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Load it again' }).click();
    await page.getByText('vendor-signals 99').waitFor();
    expect(await update.count()).toBe(0);
  });

  it('the minutes of a vendor grow, and its days pass, while nothing changes', async () => {
    const server = await startWithAlerts();
    const context = await chromium.browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    let reads = 0;
    page.on('request', (request) => {
      if (request.url().includes('/sources/acme_status/report')) reads++;
    });
    await page.clock.install();
    await page.goto(`${server.url}/?vendor=acme_status`);
    await page.locator('.bar90').waitFor();
    await page.locator('#connection.live').waitFor();
    let before = 0;
    // Without a word from the stream everything would be read again: what is said concerns no report.
    await page.evaluate("import('./assets/live.js').then(({ onLive }) => onLive(() => { window.heard = true; }))");
    for (let at = 0; at < 28; at++) {
      // By then the beginning of the stream has been heard of.
      if (at === 4) before = reads;
      await page.evaluate('window.heard = false');
      await server.postStripe(stripeEvent(`evt_meanwhile_${at}`, 'customer.created', startedNow()));
      await expect.poll(() => page.evaluate('window.heard')).toBe(true);
      await page.clock.fastForward(14_000);
    }
    await expect.poll(() => reads).toBeGreaterThan(before);
  });

  it('a bad link spoils the part that it is for, and says why', async () => {
    const server = await startWithAlerts();
    const { page } = await openPage(chromium.browser, `${server.url}/?since=yesterday`);
    await page.getByText('expected an ISO-8601 time').waitFor();
    expect(await page.locator('nav .count').textContent()).toContain('2');
    await page.getByRole('link', { name: 'Clear' }).click();
    await page.locator('#events tbody tr').first().waitFor();
    const gone = await openPage(chromium.browser, server.url);
    await gone.page.goto(`${server.url}/?alert=gone`);
    await gone.page.getByText('no alert with this id is stored').waitFor();
  });

  it('filters stand in the address, and the back button works', async () => {
    const server = await startWithAlerts();
    const { page } = await openPage(chromium.browser, `${server.url}/?view=events`);
    const rows = page.locator('#events tbody tr');
    await expect.poll(() => rows.count()).toBe(3);
    await page.getByLabel('Severity').focus();
    await page.getByLabel('Severity').selectOption('warning');
    await expect.poll(() => rows.count()).toBe(1);
    expect(page.url()).toBe(`${server.url}/?view=events&severity=warning`);
    expect(await page.evaluate('document.activeElement.name')).toBe('severity');
    await page.goBack();
    await expect.poll(() => rows.count()).toBe(3);
    expect(await page.getByLabel('Severity').inputValue()).toBe('');
    await page.getByRole('searchbox').fill('payments');
    await page.keyboard.press('Enter');
    await expect.poll(() => rows.count()).toBe(1);
    expect(page.url()).toBe(`${server.url}/?view=events&q=payments`);
  });

  it('what somebody types into the search stays while new events come in', async () => {
    const server = await startWithAlerts();
    const { page } = await openPage(chromium.browser, `${server.url}/?view=events`);
    const rows = page.locator('#events tbody tr');
    await rows.nth(2).waitFor();
    await page.getByRole('searchbox').fill('payments');
    await server.postStripe(failedPayout('evt_meanwhile'));
    await rows.nth(3).waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('payments');
  });

  it('older events that somebody asked for stay listed while new ones come in', async () => {
    fakePagerDuty();
    const server = await startServer();
    const post = async (from: number, to: number) => {
      for (let at = from; at < to; at++)
        await server.postStripe(stripeEvent(`evt_${at}`, 'customer.created', startedNow()));
    };
    await post(0, 60);
    const { page } = await openPage(chromium.browser, `${server.url}/?view=events`);
    const rows = page.locator('#events tbody tr');
    await expect.poll(() => rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show older events' }).click();
    await expect.poll(() => rows.count()).toBe(60);
    await post(60, 80);
    await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(80);
    expect(await rows.locator('a[href="./?event=evt_0"]').count()).toBe(1);
  });

  it('going back leads to the same place of a list that was extended, and to the row that was opened', async () => {
    fakePagerDuty();
    const server = await startServer();
    for (let at = 0; at < 130; at++)
      await server.postStripe(stripeEvent(`evt_${at}`, 'customer.created', startedNow()));
    const { page } = await openPage(chromium.browser, `${server.url}/?view=events`);
    const rows = page.locator('#events tbody tr');
    await expect.poll(() => rows.count()).toBe(50);
    await page.getByRole('button', { name: 'Show older events' }).click();
    await expect.poll(() => rows.count()).toBe(130);
    const row = page.locator('a[href="./?event=evt_20"]');
    const place = async () => Math.round((await row.boundingBox())?.y ?? -1);
    await row.scrollIntoViewIfNeeded();
    const before = await place();
    const isBack = async () => {
      await expect.poll(() => rows.count()).toBe(130);
      await expect.poll(() => page.evaluate("document.activeElement.getAttribute('href')")).toBe('./?event=evt_20');
      await expect.poll(place).toBe(before);
    };
    await row.click();
    await page.locator('#history').waitFor();
    await page.goBack();
    await isBack();
    // By the keyboard, and over a page that was loaded anew.
    await page.keyboard.press('Enter');
    await page.locator('#history').waitFor();
    await page.reload();
    await page.locator('#history').waitFor();
    await page.goBack();
    await isBack();
    await row.click();
    await page.getByRole('link', { name: '← Events' }).click();
    await isBack();
    await page.getByRole('link', { name: 'Rules' }).click();
    await page.locator('#in-effect').waitFor();
    await page.getByRole('link', { name: 'Events' }).click();
    await expect.poll(() => rows.count()).toBe(50);
    await expect.poll(() => page.evaluate('scrollY')).toBe(0);
  });

  it('the title of the tab names the view', async () => {
    const server = await startWithAlerts();
    const { page } = await openPage(chromium.browser, server.url);
    const titles: string[] = [];
    for (const [address, shown] of views) {
      await follow(page, address);
      await page.locator(shown).first().waitFor();
      await expect.poll(() => page.title()).toContain('(2 critical) ');
      titles.push((await page.title()).replace('(2 critical) ', '').replace(' · vendor-signals', ''));
    }
    expect(titles).toEqual([
      'Now',
      'Payout failed',
      'Vendors',
      'Acme',
      'Events',
      'Event',
      'Deliveries',
      'Silences',
      'Rules',
    ]);
  });

  it('too many failed payments and the outage of their vendor name each other, and each is one click away', async () => {
    fakePagerDuty();
    const acme = fakePage();
    const server = await startServer({ STATUS_PAGES: '' }, 0, themOrUs);
    acme.serve(summary({}));
    await server.pull();
    for (let at = 0; at < 12; at++)
      await server.postStripe(stripeEvent(`evt_declined_${at}`, 'payment_intent.payment_failed', startedNow()));
    const { page, problems } = await openPage(chromium.browser, server.url);
    const declines = 'declines: 100% of 12 payments failed within 15 min';
    await row(page, declines).waitFor();
    acme.serve(
      summary({
        incidents: [incident('1', { name: 'Elevated errors', started_at: minutesAgo(1), updated_at: minutesAgo(1) })],
      }),
    );
    await server.pull();
    const outage = row(page, 'Our own payments fail too');
    await outage.waitFor();
    expect(await row(page, 'Acme reports: Elevated errors').count()).toBe(1);
    expect(await violations(page)).toEqual([]);

    await outage.getByRole('link', { name: declines }).click();
    await page.getByText('Too many payments failed: ').waitFor();
    await page.locator('#related + ul').getByText('Acme reports: Elevated errors').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'Silence…' }).click();
    await expect.poll(() => page.getByLabel('Value of summary').inputValue()).toBe('declines: *');
    expect(problems).toEqual([]);
  });

  it('is used with the keyboard alone: to an alert, to sending it again, and to the list of keys', async () => {
    const pagerDuty = fakePagerDuty();
    pagerDuty.answer = () => refused(400);
    const server = await startServer();
    await server.postStripe(failedPayout('evt_1'));
    await server.app.idle();
    const { page } = await openPage(chromium.browser, server.url);
    await row(page, 'pagerduty failed').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('#alert-title').waitFor();
    await page.getByText('refused for good (400)').waitFor();
    pagerDuty.answer = accepted;
    await page.getByRole('button', { name: 'Send the trigger to pagerduty again' }).press('Enter');
    await page.getByText('pagerduty told').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('v');
    await page.getByRole('heading', { name: 'Vendors' }).waitFor();
    await page.getByText('Stripe posts its events to this service.').waitFor();
  });

  it('a status page without an address is not called one that posts to us', async () => {
    fakePagerDuty();
    const server = await startServer();
    const { page } = await openPage(chromium.browser, `${server.url}/?vendor=spreedly_status`);
    await page.getByText('Its status page is not read: no address is set for it.').waitFor();
  });

  it('an alert is silenced from its own view, and the silence is ended again', async () => {
    const server = await startWithAlerts();
    const { page, problems } = await openPage(chromium.browser, `${server.url}/?alert=acme_status:incident:1`);
    await page.getByRole('link', { name: 'Silence…' }).click();
    await page.getByLabel('Why').fill('We know');
    await page.getByRole('button', { name: 'Silence', exact: true }).click();
    await page.getByText('1 active').waitFor();
    await page.getByRole('button', { name: 'End it now' }).click();
    await page.getByText('0 active').waitFor();
    expect(problems).toEqual([]);
  });

  it('the silence that an alert offers stops that alert, and the form says what else it would stop', async () => {
    const server = await startWithAlerts();
    const { page, problems } = await openPage(chromium.browser, `${server.url}/?alert=acme_status:incident:1`);
    await page.getByRole('link', { name: 'Silence…' }).click();
    const matches = page.locator('.matches');
    await matches.getByText('Silences the alert that you came from').waitFor();
    await matches.getByText('No other open alert matches.').waitFor();
    await matches.getByText('Alerts that begin later are told.').waitFor();
    expect(await violations(page)).toEqual([]);

    await page.getByLabel('Fact').first().selectOption('severity');
    await page.getByLabel('Value of severity').fill('critical');
    const remove = page.getByLabel('Remove summary');
    while ((await remove.count()) > 0) await remove.first().click();
    await page.getByLabel('How long').selectOption('2h');
    await matches.getByText('Silences 1 other open alert, too').waitFor();
    await matches.getByRole('link', { name: 'Payout failed' }).waitFor();
    await matches.getByText('Until its end it also silences new events that match.').waitFor();
    expect(await violations(page)).toEqual([]);
    // What was changed is still there after a reload.
    await page.reload();
    await expect.poll(() => page.getByLabel('Value of severity').inputValue()).toBe('critical');
    expect(problems).toEqual([]);
  });

  it('several values of one fact are one of them', async () => {
    const server = await startWithAlerts();
    const { page } = await openPage(
      chromium.browser,
      `${server.url}/?view=silences&page=acme&component=API&component=Push`,
    );
    await page.locator('.matches').getByText('1 open alert').waitFor();
    await page.getByLabel('Why').fill('We know');
    await page.getByRole('button', { name: 'Silence', exact: true }).click();
    await page.getByText('component = API or Push').first().waitFor();
  });

  it('an alert is resolved with a note, and what-if explains without storing', async () => {
    const server = await startWithAlerts();
    const { page } = await openPage(chromium.browser, `${server.url}/?alert=evt_payout`);
    await page.getByText('Resolve…').click();
    await page.getByLabel('Note, kept in the history').fill('Paid by hand');
    await page.getByRole('button', { name: 'Resolve', exact: true }).click();
    await page.locator('.alert-head.over').waitFor();
    await page.keyboard.press('r');
    // A status page that there is: the rules ask for its name.
    await expect.poll(() => page.locator('form.panel select').nth(1).inputValue()).toBe('acme');
    await page.getByLabel('At this time').fill('tomorrow');
    await page.getByRole('button', { name: 'Explain' }).press('Enter');
    await page.getByText('a parameter is invalid; at: ').waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Explain');
    await page.getByLabel('At this time').fill('');
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.locator('#answer').getByText('Would be sent').waitFor();
    expect(await server.events()).toHaveLength(3);
  });

  it('seven tabs share one stream, the seventh loads, and a hidden one lets go', async () => {
    const server = await startWithAlerts();
    const context = await chromium.browser.newContext();
    onTestFinished(() => context.close());
    const pages: Page[] = [];
    for (let count = 0; count < 7; count++) {
      const page = await context.newPage();
      await page.goto(server.url);
      await page.locator('#open-alerts').waitFor();
      pages.push(page);
    }
    const [first] = pages;
    if (!first) throw new Error('there is no tab');
    expect(await first.evaluate('fetch("events?limit=1").then(({ status }) => status)')).toBe(200);
    await server.postStripe(failedPayout('evt_for_all'));
    for (const page of pages) await row(page, 'evt_for_all').waitFor();
    const holders = async () =>
      (await Promise.all(pages.map((page) => page.locator('#connection').getAttribute('data-stream')))).filter(
        (stream) => stream === 'own',
      ).length;
    expect(await holders()).toBe(1);
    await pages.find((page) => page === first)?.close();
    pages.shift();
    await expect.poll(holders).toBe(1);
    await server.postStripe(failedPayout('evt_after'));
    for (const page of pages) await row(page, 'evt_after').waitFor();
  });

  it('a hidden tab holds no stream, and catches up when it is seen again', async () => {
    const server = await startWithAlerts();
    const { page } = await openPage(chromium.browser, server.url);
    const hide = (hidden: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`,
      );
    await hide(true);
    await expect.poll(() => page.locator('#connection').getAttribute('data-stream')).toBe('shared');
    await server.postStripe(failedPayout('evt_unseen'));
    await hide(false);
    await row(page, 'evt_unseen').waitFor();
  });

  it('asks now and then where streams are cut', async () => {
    const server = await startWithAlerts();
    const context = await chromium.browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.route(/\/live(\?|$)/, (route) => route.fulfill({ status: 502, body: '' }));
    await page.goto(server.url);
    await page.locator('#connection.polling').waitFor();
    expect(await page.locator('#lost').count()).toBe(0);
    expect(await page.locator('#open-alerts > li').count()).toBe(2);
  });

  const hostile = [
    '<script>window.hacked = 1</script>',
    '<img src=x onerror="window.hacked = 1">',
    '\u202egnitirw sdrawkcab\u202e',
    'x'.repeat(4000),
    'averylongnamewithoutspaces_'.repeat(40),
  ];

  it('shows hostile texts of vendors as text, in 320 pixels too, and executes none of it', async () => {
    fakePagerDuty();
    const acme = fakePage();
    const server = await startServer();
    acme.serve(summary({}));
    await server.pull();
    const now = new Date().toISOString();
    const incidents = hostile.map((name, index) =>
      incident(`i${index}`, {
        name,
        started_at: now,
        updated_at: now,
        incident_updates: [{ id: 'u', body: name, created_at: now, status: name }],
      }),
    );
    const components = hostile.map((name, index) => component(`c${index}`, 'major_outage', { name, updated_at: now }));
    acme.serve(summary({ incidents, components }));
    await server.pull();
    const [text] = hostile;
    await server.postStripe(
      stripeEvent('evt_hostile', 'payout.failed', {
        ...startedNow(),
        data: { object: { id: hostile[4], failure_message: text, [hostile[1] ?? '']: hostile } },
      }),
    );
    await server.app.idle();
    const { page, problems } = await openPage(chromium.browser, server.url, {
      viewport: { width: 320, height: 800 },
    });
    await row(page, hostile[0] ?? '')
      .first()
      .waitFor();
    expect(await overflow(page), 'now').toBe(0);
    const alerts: { alerts: { alert_id: string }[] } = JSON.parse(await (await server.request('/alerts')).text());
    const events = (await server.events('?limit=100')).map(({ event_id: id }) => `event=${encodeURIComponent(id)}`);
    const addresses = [
      ...alerts.alerts.map(({ alert_id: id }) => `alert=${encodeURIComponent(id)}`),
      ...events.slice(0, 3),
    ];
    for (const address of [...addresses, 'view=events', 'view=deliveries', 'vendor=acme_status']) {
      await follow(page, `?${address}`);
      await page.locator('main h1').first().waitFor();
      await expect.poll(() => page.getByText('Loading…').count()).toBe(0);
      expect(await overflow(page), address).toBe(0);
    }
    expect(await page.evaluate('window.hacked')).toBe(undefined);
    expect(await page.locator('main script, main img').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('what somebody has written when their session ends is there again once they have signed in', async () => {
    const token = 'tok_of_the_dashboard';
    fakePagerDuty();
    const server = await startServer({ API_TOKEN: token });
    await server.postStripe(failedPayout('evt_1'));
    const context = await chromium.browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const tokenField = page.getByLabel('API token');
    const signIn = async () => {
      await tokenField.fill(token);
      await page.keyboard.press('Enter');
    };
    /** What is read meanwhile, such as a delivery that ends, may meet the end of the session before the button does. */
    const pressWithoutSession = async (button: string) => {
      await context.clearCookies();
      await page.getByRole('button', { name: button, exact: true }).or(tokenField).click();
    };
    await page.goto(`${server.url}/?alert=evt_1`);
    await signIn();
    await page.getByText('Resolve…').click();
    const note = page.getByLabel('Note, kept in the history');
    await note.fill('The bank has it');
    await pressWithoutSession('Resolve');
    await signIn();
    await note.waitFor();
    expect(await note.inputValue()).toBe('The bank has it');
    expect(await page.evaluate('document.activeElement.name')).toBe('note');
    await page.getByRole('link', { name: 'Silence…' }).click();
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByLabel('Value of component').fill('API');
    await page.getByLabel('Why').fill('We know');
    await page.getByLabel('Your name').fill('jo');
    await page.getByLabel('How long').selectOption('8h');
    await pressWithoutSession('Silence');
    await signIn();
    await page.getByLabel('Why').waitFor();
    const labels = ['Value of object_id', 'Value of component', 'Why', 'Your name', 'How long'];
    expect(await Promise.all(labels.map((label) => page.getByLabel(label).inputValue()))).toEqual([
      'obj_evt_1',
      'API',
      'We know',
      'jo',
      '8h',
    ]);

    await page.goto(`${server.url}/?view=rules`);
    await page.getByText('As JSON, or your own').click();
    await page.getByLabel("The vendor's JSON").fill('{"mine":1}');
    await pressWithoutSession('Explain');
    await signIn();
    await page.getByLabel("The vendor's JSON").waitFor();
    await expect.poll(() => page.getByLabel("The vendor's JSON").inputValue()).toBe('{"mine":1}');
    // It is given back once.
    await page.reload();
    await page.getByText('As JSON, or your own').click();
    expect(await page.getByLabel("The vendor's JSON").inputValue()).not.toContain('mine');
  });

  it('somebody signs in with the token, and out again', async () => {
    const token = 'tok_of_the_dashboard';
    const server = await startServer({ API_TOKEN: token });
    const context = await chromium.browser.newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${server.url}/?view=rules`);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('API token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByText('Not signed in: this is not the token.').waitFor();
    await page.getByLabel('API token').fill(token);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${server.url}/?view=rules`);
    await page.locator('#connection.live').waitFor();
    // In one step: on a busy machine the words beside it may change, and move it, between two.
    await page.getByRole('button', { name: 'Sign out' }).dispatchEvent('click');
    await page.waitForURL(`${server.url}/login`);
  });
});
