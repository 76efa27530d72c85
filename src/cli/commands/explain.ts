import { createApp } from '../../app.ts';
import { createLog } from '../../lib/log.ts';
import { createMemoryStore } from '../../stores/memory/store.ts';
import { defineCommand } from '../command.ts';
import { loadConfiguration } from '../configuration.ts';
import { CommandFailed } from '../failures.ts';
import type { Io } from '../io.ts';
import { environmentDestinations, loadRulesFile } from '../load-rules.ts';
import { queryOf } from '../query.ts';
import { readText } from '../read-text.ts';
import { renderExplanation } from '../render-explanation.ts';
import { problemText } from '../service.ts';
import { printJson } from '../text.ts';

interface Question {
  readonly body: string;
  readonly query: string;
  /** The rules file; undefined for that of the configuration. */
  readonly rules: string | undefined;
}

/** Asks a service in this process, with an empty store. */
const ask = async ({ body, query, rules: given }: Question, io: Io) => {
  const config = loadConfiguration(io);
  const path = given ?? config.configFile;
  const rules =
    path === null
      ? undefined
      : await loadRulesFile(path, {
          env: io.env,
          routing: { routeWarning: config.routing.routeWarning, destinations: environmentDestinations },
          pages: given === undefined ? config.status.pages : [],
          placeholders: true,
        });
  const app = createApp(
    { ...config, status: { ...config.status, pollIntervalSeconds: 0 } },
    {
      log: createLog('silent'),
      store: createMemoryStore(config.store),
      recoveryIntervalMs: 0,
      ...(rules && { rules }),
      env: io.env,
    },
  );
  try {
    await app.start(`http://127.0.0.1:${config.port}`);
    const headers = new Headers(config.apiToken === null ? {} : { authorization: `Bearer ${config.apiToken}` });
    const request = new Request(`http://explain.invalid/routing/explain${query}`, { method: 'POST', headers, body });
    const response = await app.fetch(request);
    const answer: unknown = JSON.parse(await response.text());
    return { ok: response.ok, answer };
  } finally {
    await app.stop();
  }
};

export const explain = defineCommand({
  name: 'explain',
  args: 'FILE',
  count: [1, 1],
  about: [
    "Shows what would become of a Stripe event, or of a status page's summary.json: how serious it is, who would be told,",
    'by which rule, and the requests that would be made. Nothing is stored or sent, and no service has to run: it is',
    'taken as the first that is seen, under the configuration of the environment, .env and the rules file.',
  ],
  options: {
    page: {
      type: 'string',
      value: 'NAME',
      about: 'The name of the status page that the summary is of; vendor, if absent.',
    },
    at: { type: 'string', value: 'TIME', about: 'The time at which the rules are asked, in ISO-8601; now, if absent.' },
    rules: { type: 'string', value: 'FILE', about: 'Another rules file.' },
    json: { type: 'boolean', about: 'Print the explanation as JSON.' },
  },
  examples: [
    'explain fixtures/stripe/payout_failed.json',
    'explain summary.json --page github --at 2026-11-26T03:00:00+01:00 --rules vendor-signals.yaml',
  ],
  async run({ page = 'vendor', at, rules, json }, [file = ''], io) {
    const body = await readText(file);
    const { ok, answer } = await ask({ body, query: queryOf({ page, at }), rules }, io);
    if (!ok) throw new CommandFailed(problemText(answer) ?? 'it cannot be explained');
    if (json) printJson(answer, io);
    else io.print(renderExplanation(answer));
    return 0;
  },
});
