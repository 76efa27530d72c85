// npm run screenshots [-- --out FOLDER] [--all]: makes the pictures of docs/pictures from realistic data, and with --all
// those that somebody looks at who changes the dashboard.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openBrowser } from '../test/support/browser.ts';
import { playPast, scenarios } from './screenshots/scenarios.ts';
import { startWorld, type World } from './screenshots/world.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'docs/pictures' },
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});

interface Picture {
  readonly name: string;
  readonly scenario: string;
  readonly address: string;
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  readonly full?: boolean;
  /** A button to press first. */
  readonly press?: string;
}

const alertOf = '{alert}';

/** Those of the README and the docs. */
const committed: readonly Picture[] = [
  { name: 'now', scenario: 'eight', address: '' },
  { name: 'now-dark', scenario: 'eight', address: '', scheme: 'dark' },
  { name: 'alert', scenario: 'eight', address: alertOf },
  { name: 'vendors', scenario: 'eight', address: '?view=vendors' },
  { name: 'vendors-dark', scenario: 'eight', address: '?view=vendors', scheme: 'dark' },
];

const lookedAt: readonly Picture[] = [
  { name: 'quiet', scenario: 'quiet', address: '' },
  { name: 'quiet-dark', scenario: 'quiet', address: '', scheme: 'dark' },
  { name: 'one', scenario: 'one', address: '' },
  { name: 'one-320', scenario: 'one', address: '', width: 320, height: 640 },
  { name: 'eight-320', scenario: 'eight', address: '', width: 320, height: 900, full: true },
  { name: 'eight-2560', scenario: 'eight', address: '', width: 2560, height: 1300 },
  { name: 'eight-events', scenario: 'eight', address: '?view=events' },
  { name: 'eight-events-bad', scenario: 'eight', address: '?since=yesterday' },
  { name: 'eight-deliveries', scenario: 'eight', address: '?view=deliveries', scheme: 'dark' },
  { name: 'eight-silences', scenario: 'eight', address: '?view=silences&page=github&until=resolved' },
  { name: 'eight-rules', scenario: 'eight', address: '?view=rules', full: true },
  { name: 'eight-vendor', scenario: 'eight', address: '?vendor=github_status', full: true },
  {
    name: 'eight-vendor-320',
    scenario: 'eight',
    address: '?vendor=github_status',
    width: 320,
    height: 900,
    full: true,
  },
  { name: 'eight-alert-320', scenario: 'eight', address: alertOf, width: 320, height: 900, full: true },
  { name: 'eight-alert-dark', scenario: 'eight', address: alertOf, scheme: 'dark', full: true },
  { name: 'eight-event', scenario: 'eight', address: '?event=evt_payout', full: true },
  { name: 'eight-docs', scenario: 'eight', address: 'docs', scheme: 'dark' },
  { name: 'eight-404', scenario: 'eight', address: 'nowhere' },
  { name: 'eight-now-dark', scenario: 'eight', address: '', scheme: 'dark', full: true },
  { name: 'eight-events-320', scenario: 'eight', address: '?view=events', width: 320, height: 900, full: true },
  { name: 'eight-deliveries-320', scenario: 'eight', address: '?view=deliveries', width: 320, height: 900, full: true },
  { name: 'eight-vendors-320', scenario: 'eight', address: '?view=vendors', width: 320, height: 900, full: true },
  {
    name: 'eight-what-if-dark',
    scenario: 'eight',
    address: '?view=rules',
    scheme: 'dark',
    full: true,
    press: 'Explain',
  },
  { name: 'many', scenario: 'many', address: '' },
  { name: 'many-320-dark', scenario: 'many', address: '', scheme: 'dark', width: 320, height: 700 },
  { name: 'many-vendors', scenario: 'many', address: '?view=vendors' },
  { name: 'storm', scenario: 'storm', address: '' },
  { name: 'them-or-us', scenario: 'them-or-us', address: '' },
  { name: 'them-or-us-vendors', scenario: 'them-or-us', address: '?view=vendors' },
  { name: 'them-or-us-alert', scenario: 'them-or-us', address: alertOf, full: true },
  { name: 'them-or-us-rules', scenario: 'them-or-us', address: '?view=rules', full: true },
  { name: 'pagerduty-down', scenario: 'pagerduty-down', address: '' },
  { name: 'pagerduty-down-deliveries', scenario: 'pagerduty-down', address: '?view=deliveries' },
  { name: 'blind', scenario: 'blind', address: '' },
];

const firstAlert = async ({ url }: World): Promise<string> => {
  const { alerts }: { alerts: readonly { alert_id: string; source: string }[] } = JSON.parse(
    await (await fetch(`${url}/alerts?state=open&limit=100`)).text(),
  );
  const id = (alerts.find(({ source }) => source === 'github_status') ?? alerts[0])?.alert_id ?? '';
  return `?${new URLSearchParams({ alert: id })}`;
};

const pictures = (values.all ? lookedAt : committed).filter(
  ({ scenario }) => values.only === undefined || scenario === values.only,
);
const chromium = await openBrowser();
await mkdir(values.out, { recursive: true });

const take = async (world: World, picture: Picture): Promise<void> => {
  const { name, address, scheme = 'light', width = 1280, height = 800, full = false, press } = picture;
  const context = await chromium.browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  await page.goto(`${world.url}/${address === alertOf ? await firstAlert(world) : address}`);
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.locator('#connection.live, #swagger-ui .info, main.narrow').first().waitFor();
  if (press !== undefined) await page.getByRole('button', { name: press }).click();
  await page.waitForTimeout(700);
  const path = join(values.out, `${name}.png`);
  await page.screenshot({ path, fullPage: full });
  console.log(`${path}: ${Math.round((await stat(path)).size / 1000)} kB`);
  await context.close();
};

for (const scenario of new Set(pictures.map((picture) => picture.scenario))) {
  const world = await startWorld();
  await playPast(world);
  await scenarios[scenario]?.(world);
  await world.goLive();
  for (const picture of pictures.filter((each) => each.scenario === scenario)) await take(world, picture);
  await world.stop();
}
await chromium.close();
