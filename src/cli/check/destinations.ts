// Sends each destination a test message and its end, and tells what it answered.
import type { Config } from '../../config/env.ts';
import { environmentRules, type Rules } from '../../domain/rules/rules.ts';
import { createHttpClient } from '../../lib/http-client.ts';
import type { Destination, SendResult } from '../../sinks/destination.ts';
import { probeDestination } from '../../sinks/probe.ts';
import { destinationsOf } from '../../sinks/registry.ts';
import { plain } from '../text.ts';
import type { Finding } from './finding.ts';

export interface OpenDestinations {
  readonly destinations: readonly Destination[];
  close(): void;
}

/** The destinations of the rules, or those of the environment. */
export const openDestinations = (config: Config, rules: Rules | null): OpenDestinations => {
  const client = createHttpClient(config.proxy, { keepAlive: false });
  const baseUrl = () => `http://127.0.0.1:${config.port}`;
  const of = rules ?? environmentRules({ ...config.routing, destinations: [] });
  return { destinations: destinationsOf(of, config, { client, baseUrl }), close: client.close };
};

const answerOf = (result: SendResult): string => {
  if (result.outcome !== 'delivered') return plain(`not accepted (${result.outcome}): ${result.error}`);
  const refused = result.refused === undefined ? '' : plain(`, but not by ${result.refused}`);
  return `accepted (HTTP ${result.statusCode})${refused}`;
};

const isTaken = (result: SendResult | undefined): boolean =>
  result?.outcome === 'delivered' && result.refused === undefined;

const checkDestination = async (
  destination: Destination,
  publicUrl: string | null,
  nowMs: number,
): Promise<Finding> => {
  const what = `destination ${destination.name}`;
  if (destination.type === 'mock')
    return { result: 'skipped', what, detail: 'it is the mock of this service, which tells nobody' };
  const { trigger, resolve } = await probeDestination(destination, publicUrl, nowMs);
  const answers = [`test message ${answerOf(trigger)}`, ...(resolve ? [`its end ${answerOf(resolve)}`] : [])];
  const isWell = isTaken(trigger) && isTaken(resolve);
  const isLeft = resolve !== undefined && resolve.outcome !== 'delivered';
  const left = isLeft ? '; the test may be open there: resolve it manually' : '';
  return { result: isWell ? 'ok' : 'failed', what, detail: `${destination.type}, ${answers.join(', ')}${left}` };
};

/** One after the other: several may be one place. */
export const checkDestinations = async (
  destinations: readonly Destination[],
  publicUrl: string | null,
  now: () => number,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  for (const destination of destinations) findings.push(await checkDestination(destination, publicUrl, now()));
  return findings;
};
