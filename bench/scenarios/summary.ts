// What it costs to read a large status page again: one on which nothing has changed, and one that says something else
// each time, though nothing that matters.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { createFileReader } from '../../src/ingest/polling/fetch.ts';
import { createStatusPageNormalizer } from '../../src/ingest/polling/normalize.ts';
import { createPage } from '../../src/ingest/polling/page.ts';
import { statusPageVendor } from '../../src/ingest/polling/payload.ts';
import { dialects } from '../../src/ingest/registry.ts';
import { createLog } from '../../src/lib/log.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { logEvents } from '../../src/pipeline/log-events.ts';
import { createSignalOutcomes } from '../../src/pipeline/signal-outcome.ts';
import { subscribeStages } from '../../src/pipeline/stages.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { temporaryFolder } from '../processes.ts';
import type { Row, Scenario } from '../scenario.ts';
import { ratioOf, spreadOf } from '../stats.ts';

const components = 700;
const incidents = 20;

const updates = (id: string) =>
  Array.from({ length: 4 }, (_, at) => ({
    id: `${id}_update_${at}`,
    status: 'investigating',
    body: 'We continue to investigate the elevated error rates, and will give the next update within thirty minutes.',
    created_at: `2026-11-24T0${at}:00:00.000-07:00`,
    affected_components: [
      { code: `${id}_component`, name: 'Payments', old_status: 'operational', new_status: 'partial_outage' },
    ],
  }));

/** As large as the largest pages of real vendors: 700 components in groups, 20 incidents with their updates. */
const summaryText = (description: string): string =>
  JSON.stringify({
    page: {
      id: 'bench',
      name: 'Bench',
      url: 'https://status.bench.test',
      time_zone: 'UTC',
      updated_at: '2026-11-24T10:00:00.000Z',
    },
    components: Array.from({ length: components }, (_, at) => ({
      id: `component_${at}`,
      name: `Component ${at} (region ${at % 17})`,
      status: 'operational',
      created_at: '2020-01-01T00:00:00.000Z',
      updated_at: '2026-11-20T00:00:00.000Z',
      position: at,
      description,
      showcase: false,
      start_date: null,
      group_id: `group_${at % 25}`,
      page_id: 'bench',
      group: false,
      only_show_if_degraded: false,
    })),
    incidents: Array.from({ length: incidents }, (_, at) => ({
      id: `incident_${at}`,
      name: `Elevated error rates in region ${at}`,
      status: 'investigating',
      impact: 'minor',
      created_at: '2026-11-24T01:00:00.000-07:00',
      started_at: '2026-11-24T01:00:00.000-07:00',
      updated_at: '2026-11-24T03:00:00.000-07:00',
      resolved_at: null,
      shortlink: `https://stspg.test/${at}`,
      page_id: 'bench',
      incident_updates: updates(`incident_${at}`),
    })),
    scheduled_maintenances: [],
    status: { indicator: 'minor', description: 'Minor Service Outage' },
  });

/** The whole way of a status page on a memory store, without HTTP. */
const createPageOn = (file: string) => {
  const log = createLog('info', { write: () => undefined });
  const bus = createBus();
  logEvents(bus, log);
  const outcomes = createSignalOutcomes(bus);
  const store = createMemoryStore({ eventCapacity: 10_000, dedupeCapacity: 100_000 });
  const policy = {
    rules: environmentRules({ routeWarning: false, destinations: [] }),
    silences: [],
    destinations: [],
    routeTestMode: false,
    routeWarning: false,
    forgetsOnRestart: true,
  };
  subscribeStages(bus, {
    store,
    normalizers: new Map([[statusPageVendor, createStatusPageNormalizer(log)]]),
    policy: () => policy,
    now: Date.now,
    onBroken: (_draft, error) => {
      throw error;
    },
  });
  return createPage('bench', createFileReader(file, dialects), {
    bus,
    outcomes,
    store,
    log,
    now: Date.now,
    staleAfterSeconds: 900,
  });
};

export const summaryProcessing: Scenario = {
  name: 'summary',
  async run({ quick, rounds }) {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'summary.json');
    const text = summaryText('Part of the platform on which others build, in one of its regions.');
    const otherText = summaryText('Part of the platform on which others stand, in one of its regions.');
    await writeFile(file, text);
    const page = createPageOn(file);
    const times = quick ? 10 : 100;

    const pull = async (expected: string): Promise<void> => {
      const { ok, fetched, outcomes } = await page.pull('bench');
      const isRight = ok && fetched === components + incidents && outcomes.length === incidents;
      if (!isRight || outcomes.some(({ kind }) => kind !== expected)) throw new Error('the page was not read as it is');
    };
    const pullMs = async (): Promise<number> => {
      const startedMs = performance.now();
      for (let time = 0; time < times; time++) await pull('duplicate');
      return (performance.now() - startedMs) / times;
    };
    const pullOtherMs = async (): Promise<number> => {
      let ms = 0;
      for (let time = 0; time < times; time++) {
        await writeFile(file, time % 2 === 0 ? otherText : text);
        const startedMs = performance.now();
        await pull('duplicate');
        ms += performance.now() - startedMs;
      }
      return ms / times;
    };
    const parseMs = (): number => {
      const startedMs = performance.now();
      for (let time = 0; time < times; time++) JSON.parse(text);
      return (performance.now() - startedMs) / times;
    };

    await pull('stored');
    await pullMs();
    await pullOtherMs();
    parseMs();
    const [same, other, parsed]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < rounds; round++) {
      parsed.push(parseMs());
      same.push(await pullMs());
      other.push(await pullOtherMs());
    }
    await folder.remove();
    const row = (what: string, pulled: readonly number[]): Row => ({
      what: `a summary of ${components} components and ${incidents} incidents, ${what}`,
      measured: `${spreadOf(pulled).median.toFixed(2)} ms`,
      beside: `JSON.parse of its ${Math.round(text.length / 1024)} kB: ${spreadOf(parsed).median.toFixed(2)} ms`,
      ratio: ratioOf(pulled, parsed),
      reach: { atMost: 10 },
      aim: { atMost: 4 },
    });
    return [row('nothing changed', same), row('another text each time', other)];
  },
};
