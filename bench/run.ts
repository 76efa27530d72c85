// npm run bench [-- --quick] [--only NAME] [--rounds N] [--events N] [--before FOLDER]: measures everything in one run and
// prints the table. A full run also puts it into RESULTS.md. Fails when a scenario does not complete or an answer is
// wrong, never on a time.
import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { errorText } from '../src/lib/errors.ts';
import { machine, table } from './report.ts';
import type { Row, Scenario } from './scenario.ts';
import { bytesWritten } from './scenarios/bytes.ts';
import { deliveryBurst, deliveryLatency } from './scenarios/delivery.ts';
import { postgresFilters, sqliteFilters } from './scenarios/filters.ts';
import { memoryIngest, postgresIngest, sqliteIngest, sqliteInserts } from './scenarios/ingest.ts';
import { memoryBounds } from './scenarios/memory.ts';
import { eachNotified } from './scenarios/notified.ts';
import { postgresStored, sqliteStored } from './scenarios/stored.ts';
import { liveStreams } from './scenarios/streams.ts';
import { summaryProcessing } from './scenarios/summary.ts';

const scenarios: readonly Scenario[] = [
  memoryIngest,
  sqliteIngest,
  sqliteInserts,
  postgresIngest,
  eachNotified,
  bytesWritten,
  deliveryLatency,
  deliveryBurst,
  liveStreams,
  summaryProcessing,
  memoryBounds,
  sqliteStored,
  postgresStored,
  sqliteFilters,
  postgresFilters,
];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    rounds: { type: 'string' },
    events: { type: 'string' },
    before: { type: 'string' },
  },
});
const { quick, only, before, events = '1000000' } = values;
const options = { quick, rounds: Number(values.rounds ?? (quick ? 2 : 5)), events: Number(events), before };
const chosen = scenarios.filter(({ name }) => only === undefined || name.includes(only));
const resultsFile = new URL('RESULTS.md', import.meta.url);

// What is measured ends with this process, also when somebody has seen enough.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const rows: Row[] = [];
let failed = 0;
for (const scenario of chosen) {
  const startedMs = performance.now();
  try {
    rows.push(...(await scenario.run(options)));
    console.error(`${scenario.name}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
  } catch (error) {
    failed += 1;
    console.error(`${scenario.name}: failed: ${errorText(error)}`);
  }
}

const result = `${new Date().toISOString().slice(0, 10)}, ${machine()}, medians of ${options.rounds} rounds.\n\n${table(rows)}`;
console.log(result);

if (!quick && only === undefined && failed === 0) {
  const [before = '', after = ''] = (await readFile(resultsFile, 'utf8')).split(/<!-- measured -->[\s\S]*<!-- end -->/);
  await writeFile(resultsFile, `${before}<!-- measured -->\n${result}\n<!-- end -->${after}`);
}
console.log(`\n${chosen.length - failed} scenarios completed, ${failed} did not.`);
process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1;
