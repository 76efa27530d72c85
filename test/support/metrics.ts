// What Prometheus would read of a scrape.

export interface Scrape {
  /** The value of a series, written as it stands in the text: `name{label="value"}`. */
  of(series: string): number | undefined;
  readonly series: ReadonlySet<string>;
  /** The type of each metric, by its name. */
  readonly types: ReadonlyMap<string, string>;
}

const parseMetrics = (text: string): Scrape => {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    const type = /^# TYPE (\S+) (\S+)$/.exec(line);
    if (type) types.set(type[1] ?? '', type[2] ?? '');
    if (line === '' || line.startsWith('#')) continue;
    const space = line.lastIndexOf(' ');
    values.set(line.slice(0, space).replace(/^vendor_signals_/, ''), Number(line.slice(space + 1)));
  }
  return { of: (series) => values.get(series), series: new Set(values.keys()), types };
};

/** Scrapes a service; series of our own are named without their prefix. */
export const scrape = async (request: (path: string) => Promise<Response>): Promise<Scrape> =>
  parseMetrics(await (await request('/metrics')).text());
