// The process: reads the environment, builds the service, listens, and handles signals. Only it and cli/main.ts may exit.
import { setFlagsFromString } from 'node:v8';
import { type App, createApp } from './app.ts';
import { describeConfig, misspeltWarnings } from './config/env.ts';
import { loadConfig } from './config/load.ts';
import { peekAtRules } from './config/rules-file.ts';
import { connectionLimit, streamLimit } from './http/connection-limits.ts';
import { type Listener, listen } from './http/listen.ts';
import { ConfigError, errorText } from './lib/errors.ts';
import { createLog, createStdout } from './lib/log.ts';
import { createPrettyStream } from './lib/log-pretty.ts';
import { readMaxOpenFiles } from './lib/open-files.ts';
import { startTracing } from './telemetry/tracing.ts';

// What V8 makes old at once keeps all that it points to until a full collection; see ADR 0055.
setFlagsFromString('--no-allocation-site-pretenuring');

const readConfiguration = () => {
  try {
    return loadConfig(process);
  } catch (error) {
    const hints =
      error instanceof ConfigError
        ? [
            ...misspeltWarnings(process.env, peekAtRules(process.env.CONFIG_FILE)),
            'Every variable is described in .env.example.',
          ]
        : [];
    process.stderr.write(`${[errorText(error), ...hints].join('\n')}\n`);
    process.exit(1);
  }
};

const config = readConfiguration();
const stdout = createStdout();
process.once('exit', stdout.flush);
const tracing = await startTracing(config.tracing, (change) => {
  if (change.ok) log.info('tracing.export_recovered');
  else log.warn({ error: change.error }, 'tracing.export_failed');
});
const { tracer } = tracing;
const isTerminal = process.stdout.isTTY === true;
const isPretty = (config.logFormat ?? (isTerminal ? 'pretty' : 'json')) === 'pretty';
const logLines = isPretty ? createPrettyStream(stdout, isTerminal && !process.env.NO_COLOR) : stdout;
const log = createLog(config.logLevel, logLines, tracer.isOn ? tracer.traceId : undefined);
// A rejection that nothing awaits is logged, and other work goes on.
process.on('unhandledRejection', (reason) => log.error({ error: errorText(reason) }, 'rejection.unhandled'));

/** For what no waiting mends: a port that is taken, a store that cannot be used. @param variable what has to be changed */
const giveUp = (error: unknown, what: string, variable?: string): never => {
  log.fatal({ error: errorText(error), variable }, what);
  process.exit(1);
};

/** A port may be taken, or not be ours to take; all else is wrong with the address. */
const isAboutPort = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');

const maxConnections = connectionLimit(readMaxOpenFiles(process.report), config.delivery.concurrency);

const build = (): App => {
  try {
    return createApp(config, { log, tracer, env: process.env, maxStreams: streamLimit(maxConnections) });
  } catch (error) {
    return giveUp(error, 'store.unusable', 'STORE_URL');
  }
};

const app = build();

const startListening = async (): Promise<Listener> => {
  try {
    return await listen(app.fetch, config, { log, maxConnections });
  } catch (error) {
    return giveUp(error, 'server.cannot_listen', isAboutPort(error) ? 'PORT' : 'HOST');
  }
};

let listener: Listener | undefined;

/** npm passes on what its whole group of processes got already, so that one Ctrl-C comes twice. */
const sameSignalMs = 100;
let stopping: { readonly signal: NodeJS.Signals; readonly atMs: number } | undefined;
const stop = async (signal: NodeJS.Signals): Promise<void> => {
  if (stopping?.signal === signal && performance.now() - stopping.atMs < sameSignalMs) return;
  if (stopping) process.exit(1);
  stopping = { signal, atMs: performance.now() };
  log.info({ signal }, 'server.stopping');
  setTimeout(() => {
    log.warn({ grace_seconds: config.shutdownGraceSeconds }, 'server.stopped_late');
    process.exit(0);
  }, config.shutdownGraceSeconds * 1000);
  app.drain();
  await listener?.close();
  await app.stop();
  await tracing.close();
  log.info('server.stopped');
  process.exit(0);
};
process.on('SIGTERM', (signal) => void stop(signal));
process.on('SIGINT', (signal) => void stop(signal));
process.on('SIGHUP', () => void app.reload());

await app.prepare().catch((error) => {
  // Every problem on a line of its own.
  process.stderr.write(`${errorText(error)}\n`);
  return giveUp(error, 'rules.unusable', 'CONFIG_FILE');
});

listener = await startListening();
const inForce = { ...describeConfig(config), STATUS_POLL_INTERVAL_SECONDS: app.pollIntervalSeconds() };
log.info({ port: listener.port, host: config.host, config: inForce }, 'server.listening');
log.info({ dashboard: `${config.publicUrl ?? listener.url}/`, missing: app.missing() }, 'dashboard.available');
for (const warning of config.warnings) log.warn({ warning }, 'config.warning');

await app.start(listener.url).catch((error) => giveUp(error, 'store.unusable', 'STORE_URL'));
