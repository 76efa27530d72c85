// npm run explain -- FILE [--page NAME] [--json]: what would become of a Stripe event, or of a status page's summary.json,
// under the configuration of the environment and .env. Nothing is stored or sent, and no service need run: the payload
// is compared with an empty store.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createApp } from '../src/app.ts';
import { createLog } from '../src/lib/log.ts';
import { createMemoryStore } from '../src/stores/memory/store.ts';
import { loadConfig } from './environment.ts';
import { renderExplanation, renderProblem } from './render-explanation.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { page: { type: 'string', default: 'vendor' }, json: { type: 'boolean', default: false } },
});

const explain = async (file: string): Promise<void> => {
  const body = await readFile(file);
  // No signature is looked at, so a fresh clone without a secret will do.
  const config = loadConfig((env) => ({ ...env, STRIPE_WEBHOOK_SECRET: env.STRIPE_WEBHOOK_SECRET || 'whsec_unused' }));
  const app = createApp(config, { log: createLog('silent'), store: createMemoryStore(config.store) });
  const headers = new Headers(config.apiToken === null ? {} : { authorization: `Bearer ${config.apiToken}` });
  const url = `http://explain.invalid/routing/explain?page=${encodeURIComponent(values.page)}`;
  const response = await app.fetch(new Request(url, { method: 'POST', headers, body }));
  const answer: unknown = JSON.parse(await response.text());
  if (values.json) console.log(JSON.stringify(answer, null, 2));
  else if (response.ok) console.log(renderExplanation(answer));
  else console.error(renderProblem(answer));
  if (!response.ok) process.exitCode = 1;
};

const [file] = positionals;
if (!file) {
  console.error('usage: npm run explain -- FILE [--page NAME] [--json]');
  process.exitCode = 1;
} else {
  await explain(file).catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
