import { createApp } from '../../app.ts';
import { explainQuery } from '../../http/routes/explain.ts';
import { fieldErrors } from '../../lib/errors.ts';
import { createLog } from '../../lib/log.ts';
import { createMemoryStore } from '../../stores/memory/store.ts';
import { loadConfiguration } from '../configuration.ts';
import { CommandFailed, WrongUsage } from '../failures.ts';
import type { ExitCode, Io } from '../io.ts';
import { loadRulesFile, withoutService } from '../load-rules.ts';
import { queryOf } from '../query.ts';
import { readText } from '../read-text.ts';
import { problemText } from '../service.ts';
import { printJson } from '../text.ts';
import { renderExplanation } from './render-explanation.ts';

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
          ...withoutService(io.env, config.routing.routeWarning),
          pages: given === undefined ? config.status.pages : [],
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

export interface ExplainOptions {
  readonly file: string;
  readonly page: string;
  readonly at: string | undefined;
  readonly rules: string | undefined;
  readonly json: boolean;
}

export const runExplain = async ({ file, page, at, rules, json }: ExplainOptions, io: Io): Promise<ExitCode> => {
  const { error } = explainQuery.safeParse({ page, at });
  if (error)
    throw new WrongUsage(
      fieldErrors(error)
        .map((wrong) => `--${wrong.path}: ${wrong.message}`)
        .join('\n'),
    );
  const body = await readText(file);
  const { ok, answer } = await ask({ body, query: queryOf({ page, at }), rules }, io);
  if (!ok) throw new CommandFailed(problemText(answer) ?? 'it cannot be explained');
  if (json) printJson(answer, io);
  else io.print(renderExplanation(answer));
  return 0;
};
