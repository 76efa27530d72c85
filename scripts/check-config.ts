// npm run check-config [-- --live]: says whether the environment and .env make a usable configuration, and which.
// With --live it also reads each status page once, looks at the store without touching it, and sends PagerDuty a test.
import { parseArgs } from 'node:util';
import { describeConfig } from '../src/config/env.ts';
import { warningsOf } from '../src/config/warnings.ts';
import { errorText } from '../src/lib/errors.ts';
import { type Check, checkPagerDuty, checkPages } from './check-live.ts';
import { checkStore } from './check-store.ts';
import { loadConfig } from './environment.ts';

const { values } = parseArgs({ options: { live: { type: 'boolean', default: false } } });

const print = ({ result, what, detail }: Check): void => {
  console.log(`${result.padEnd(7)} ${what}: ${detail}`);
  if (result === 'failed') process.exitCode = 1;
};

try {
  const config = loadConfig();
  const { port, host } = config;
  console.log(JSON.stringify({ port, host, ...describeConfig(config) }, null, 2));
  for (const warning of warningsOf(config)) console.log(`warning ${warning}`);
  if (values.live) {
    for (const check of await checkPages(config)) print(check);
    print(await checkStore(config.store.url));
    for (const check of await checkPagerDuty(config)) print(check);
  }
} catch (error) {
  console.error(errorText(error));
  process.exitCode = 1;
}
