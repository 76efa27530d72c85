// What it costs to tell many open dashboards of many events.
import { ingest, paymentFailed } from '../load/ingest.ts';
import { openStreams } from '../load/streams.ts';
import { type Running, startService } from '../processes.ts';
import type { Row, Scenario } from '../scenario.ts';
import { ratioOf, spreadOf } from '../stats.ts';

const ratePerSecond = 300;
const connections = 8;
/** As many as the first version lets in. */
const fewStreams = 100;
const manyStreams = 500;
/** What a dashboard asks for, in this version and in the first one. */
const [ourPath, pathBefore] = ['/live?events=ids', '/live'];

interface Told {
  readonly streams: number;
  /** Processor time of the service, in microseconds for each event, ingestion included. */
  readonly cpuUs: number;
  /** On one stream, for each event. */
  readonly bytes: number;
}

/** How often a round is begun anew that the machine held up. */
const mostTries = 5;

/** With so many streams open, or with a few where so many are not let in, what each event costs. */
const tell = async (
  service: Running,
  path: string,
  wanted: number,
  prefix: string,
  seconds: number,
  tries = mostTries,
): Promise<Told> => {
  const opened = await openStreams(service.port, wanted, path);
  if (opened === 'full') return tell(service, path, fewStreams, prefix, seconds, tries);
  const count = ratePerSecond * seconds;
  const allHave = opened.allHave(`evt_${prefix}_${count - 1}"`);
  const [cpuBeforeMs, bytesBefore] = [service.cpuMs(), opened.bytes()];
  await ingest(service, { prefix, count, type: paymentFailed, ratePerSecond, connections });
  const how = await allHave;
  const cpuUs = ((service.cpuMs() - cpuBeforeMs) * 1000) / count;
  const bytes = (opened.bytes() - bytesBefore) / count / wanted;
  opened.close();
  if (how === 'reset' && tries > 1) return tell(service, path, wanted, `${prefix}_again`, seconds, tries - 1);
  if (how === 'reset') throw new Error('more changes at once than are told one by one, again and again');
  return { streams: wanted, cpuUs, bytes };
};

const cpuOf = (figures: readonly Told[]): readonly number[] => figures.map(({ cpuUs }) => cpuUs);
const bytesOf = (figures: readonly Told[]): readonly number[] => figures.map(({ bytes }) => bytes);

const row = (what: string, unit: string, ours: readonly number[], before: readonly number[], by: string): Row => {
  const words = (figures: readonly number[]): string => `${spreadOf(figures).median.toFixed(0)} ${unit}`;
  const isCompared = before.length > 0;
  return {
    what,
    measured: words(ours),
    beside: isCompared ? `${by}: ${words(before)}` : '–',
    ratio: isCompared ? ratioOf(ours, before) : spreadOf([1]),
    reach: isCompared ? { atMost: 1 } : null,
    aim: isCompared ? { atMost: 0.7 } : null,
  };
};

export const liveStreams: Scenario = {
  name: 'streams',
  async run({ quick, rounds, before }) {
    const seconds = quick ? 1 : 10;
    const wanted = quick ? fewStreams : manyStreams;
    const service = await startService();
    const old = before === undefined ? undefined : await startService({}, [], before);
    for (const each of old ? [service, old] : [service])
      await ingest(each, { prefix: 'streams_warm', count: quick ? 500 : 5000, type: paymentFailed });
    const [ours, earlier]: [Told[], Told[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      if (old) earlier.push(await tell(old, pathBefore, wanted, `streams_${round}`, seconds));
      ours.push(await tell(service, ourPath, wanted, `streams_${round}`, seconds));
    }
    await service.stop();
    await old?.stop();
    const by = `the version before, ${earlier[0]?.streams ?? 0} open`;
    const what = `processor time of our process for an event, ${wanted} dashboards open, ${ratePerSecond} events a second`;
    return [
      row(what, 'µs', cpuOf(ours), cpuOf(earlier), by),
      row('bytes on the stream of each dashboard for an event', 'bytes', bytesOf(ours), bytesOf(earlier), by),
    ];
  },
};
