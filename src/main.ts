// The process: reads the environment, builds the service, listens, and handles signals. The only file that may exit.
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { createApp } from './app.ts';
import { type Config, describeConfig, readConfig } from './config.ts';
import { ConfigError, errorText } from './errors.ts';
import { createLog } from './log.ts';

const loadConfig = (): Config => {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
    return readConfig(process.env);
  } catch (error) {
    const hint =
      error instanceof ConfigError ? '\nEvery variable is described in .env.example; copy it to .env to begin.' : '';
    process.stderr.write(`${errorText(error)}${hint}\n`);
    process.exit(1);
  }
};

const config = loadConfig();
const log = createLog(config.logLevel);
const app = createApp(config, { log });

/** Where this service reaches itself: an address for "any" is none to connect to. */
const urlOf = ({ address, family, port }: AddressInfo): string => {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${family === 'IPv6' || host.includes(':') ? `[${host}]` : host}:${port}`;
};

const warnAboutGaps = (): void => {
  if (config.apiToken === null) log.warn('API_TOKEN is not set: every route answers whoever can reach this port');
  if (config.pagerduty.routingKey === null)
    log.warn('PAGERDUTY_ROUTING_KEY is not set: pages go to the mock of this service, and nobody is woken');
  else if (!/^[A-Za-z0-9]{32}$/.test(config.pagerduty.routingKey))
    log.warn('PAGERDUTY_ROUTING_KEY is not 32 letters and digits: PagerDuty will refuse it');
};

const server = serve({ fetch: app.fetch, port: config.port, hostname: config.host }, (address) => {
  log.info({ port: address.port, host: address.address, config: describeConfig(config) }, 'server.listening');
  warnAboutGaps();
  void app.start(urlOf(address)).then(() => log.info('server.ready'));
});

server.on('error', (error) => {
  log.fatal({ error: errorText(error) }, 'server.broken');
  process.exit(1);
});

/** Stops accepting, lets requests and attempts end, and leaves the rest in the store. */
const shutDown = async (): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection that is kept alive becomes idle only after its last answer.
  const closeIdle = setInterval(() => 'closeIdleConnections' in server && server.closeIdleConnections(), 50);
  await closed;
  clearInterval(closeIdle);
  await app.stop();
};

let isStopping = false;
const onSignal = (signal: NodeJS.Signals): void => {
  if (isStopping) process.exit(1);
  isStopping = true;
  log.info({ signal }, 'server.stopping');
  setTimeout(() => {
    log.warn({ grace_seconds: config.shutdownGraceSeconds }, 'server.stopped_late');
    process.exit(0);
  }, config.shutdownGraceSeconds * 1000);
  void shutDown().then(() => {
    log.info('server.stopped');
    process.exit(0);
  });
};
process.on('SIGTERM', onSignal);
process.on('SIGINT', onSignal);

// The last line of defence: whatever nobody awaited is written down, and takes no other work with it.
process.on('unhandledRejection', (reason) => log.error({ error: errorText(reason) }, 'rejection.unhandled'));
