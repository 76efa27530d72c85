// The process: reads the environment, builds the service, listens, and handles signals. The only file that may exit.
import { existsSync } from 'node:fs';
import { type App, createApp } from './app.ts';
import { type Config, describeConfig, readConfig } from './config.ts';
import { ConfigError, errorText } from './errors.ts';
import { type Listener, listen } from './http/listen.ts';
import { createLog } from './log.ts';
import { startTracing } from './telemetry/tracing.ts';

const loadConfig = (): Config => {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return readConfig(process.env);
  } catch (error) {
    const hint = error instanceof ConfigError ? '\nEvery variable is described in .env.example.' : '';
    process.stderr.write(`${errorText(error)}${hint}\n`);
    process.exit(1);
  }
};

const config = loadConfig();
const tracing = await startTracing(config.tracing, (change) => {
  if (change.ok) log.info('tracing.export_recovered');
  else log.warn({ error: change.error }, 'tracing.export_failed');
});
const { tracer } = tracing;
const log = createLog(config.logLevel, undefined, tracer.isOn ? tracer.traceId : undefined);
// Whatever nobody awaited is written down, and takes no other work with it.
process.on('unhandledRejection', (reason) => log.error({ error: errorText(reason) }, 'rejection.unhandled'));

const warnAboutGaps = (): void => {
  const { apiToken, pagerduty, stripe } = config;
  const warn = (warning: string) => log.warn({ warning }, 'config.warning');
  if (apiToken === null) warn('API_TOKEN is not set: every route answers whoever can reach this port');
  if (!stripe.webhookSecrets.every((secret) => secret.startsWith('whsec_')))
    warn('STRIPE_WEBHOOK_SECRET holds something that does not begin with whsec_');
  if (pagerduty.routingKey === null)
    warn('PAGERDUTY_ROUTING_KEY is not set: pages go to the mock of this service, and nobody is woken');
  else if (!/^[A-Za-z0-9]{32}$/.test(pagerduty.routingKey))
    warn('PAGERDUTY_ROUTING_KEY is not 32 letters and digits: PagerDuty will refuse it');
};

/** For what no waiting mends: a port that is taken, a store that cannot be used. */
const giveUp = (error: unknown, what: string): never => {
  log.fatal({ error: errorText(error) }, what);
  process.exit(1);
};

const build = (): App => {
  try {
    return createApp(config, { log, tracer });
  } catch (error) {
    return giveUp(error, 'store.unusable');
  }
};

const app = build();

const startListening = async (): Promise<Listener> => {
  try {
    return await listen(app.fetch, config);
  } catch (error) {
    return giveUp(error, 'server.cannot_listen');
  }
};

const listener = await startListening();
log.info({ port: listener.port, host: config.host, config: describeConfig(config) }, 'server.listening');
warnAboutGaps();

let isStopping = false;
const stop = async (signal: NodeJS.Signals): Promise<void> => {
  if (isStopping) process.exit(1);
  isStopping = true;
  log.info({ signal }, 'server.stopping');
  setTimeout(() => {
    log.warn({ grace_seconds: config.shutdownGraceSeconds }, 'server.stopped_late');
    process.exit(0);
  }, config.shutdownGraceSeconds * 1000);
  app.refuse();
  await listener.close();
  await app.stop();
  await tracing.close();
  log.info('server.stopped');
  process.exit(0);
};
process.on('SIGTERM', (signal) => void stop(signal));
process.on('SIGINT', (signal) => void stop(signal));

await app.start(listener.url).catch((error) => giveUp(error, 'store.unusable'));
