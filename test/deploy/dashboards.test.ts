// What stands in the files for Prometheus and Grafana must be there to be looked at.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { scrape } from '../support/metrics.ts';
import { startService } from '../support/service.ts';

const read = (path: string) => readFile(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');

/** The metrics that a text names; of a histogram, by any of its series. */
const namedIn = (text: string, types: ReadonlyMap<string, string>): readonly string[] => {
  const names = text.match(/\b(vendor_signals|process|nodejs)_\w+/g) ?? [];
  const whole = (name: string) => {
    const histogram = name.replace(/_(bucket|sum|count)$/, '');
    return types.get(histogram) === 'histogram' ? histogram : name;
  };
  return [...new Set(names.map(whole))].sort();
};

it.each([
  ['prometheus/alerts.yml', 10],
  ['prometheus/alerts.test.yml', 10],
  ['grafana/dashboard.json', 20],
])('every metric in %s is one that the service has', async (path, atLeast) => {
  const { request } = await startService();
  const { types } = await scrape(request);
  const named = namedIn(await read(path), types);
  expect(named.length).toBeGreaterThanOrEqual(atLeast);
  expect(named.filter((name) => !types.has(name))).toEqual([]);
});

it('every alert is played through and documented, and every panel asks the data source that was chosen', async () => {
  const [rules, tests] = [await read('prometheus/alerts.yml'), await read('prometheus/alerts.test.yml')];
  const alerts = [...rules.matchAll(/- alert: (\w+)/g)].map(([, name]) => name ?? '');
  expect(alerts.length).toBeGreaterThan(5);
  expect(alerts.filter((name) => !tests.includes(name))).toEqual([]);
  const table = await read('../docs/observability.md');
  expect(alerts.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);

  const dashboard: { panels: { type: string; targets?: { datasource: { uid: string } }[] }[] } = JSON.parse(
    await read('grafana/dashboard.json'),
  );
  const targets = dashboard.panels.flatMap((panel) => panel.targets ?? []);
  expect(targets.length).toBeGreaterThan(20);
  expect(new Set(targets.map(({ datasource }) => datasource.uid))).toEqual(new Set([`\${datasource}`]));
});
