import * as z from 'zod';
import { moment } from '../../http/query.ts';
import { counted } from '../../lib/counted.ts';
import { defineCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { connect, readAnswer, type Service, serviceOptions } from '../service.ts';
import { printJson } from '../text.ts';

const oneSchema = z.object({
  retried: z.boolean(),
  delivery: z.object({ action: z.string(), destination: z.string(), status: z.string() }),
});
const allSchema = z.object({ retried: z.number(), skipped: z.number() });

const retryOne = async (service: Service, id: string) => {
  const answer = await service.ask('POST', `/deliveries/${encodeURIComponent(id)}/retry`);
  const text = () => {
    const { retried, delivery } = readAnswer(oneSchema, answer);
    const { action, destination, status } = delivery;
    return retried ? `Retrying the ${action} to ${destination}.` : `The ${action} to ${destination} is ${status}.`;
  };
  return { answer, text };
};

const retryAll = async (service: Service, since: string | undefined) => {
  const answer = await service.ask('POST', '/deliveries/retry', { json: since === undefined ? {} : { since } });
  const text = () => {
    const { retried, skipped } = readAnswer(allSchema, answer);
    const rest = skipped === 0 ? '' : ` ${skipped} can no longer be sent.`;
    return `Retrying ${counted(retried, 'failed delivery', 'failed deliveries')}.${rest}`;
  };
  return { answer, text };
};

export const retry = defineCommand({
  name: 'retry',
  args: '[ID]',
  count: [0, 1],
  about: ['Retries all failed deliveries of a running service, or the one with this id.'],
  options: {
    since: {
      type: 'string',
      value: 'TIME',
      schema: moment,
      about: 'Only those of alerts that opened since then, in ISO-8601.',
    },
    ...serviceOptions,
  },
  examples: ['retry', 'retry --since 2026-02-10T13:00:00Z'],
  async run({ since, url, json }, [id], io) {
    if (id !== undefined && since !== undefined) throw new WrongUsage('--since is for all deliveries, without an ID');
    const service = connect(io, url);
    const { answer, text } = id === undefined ? await retryAll(service, since) : await retryOne(service, id);
    if (json) printJson(answer, io);
    else io.print(text());
    return 0;
  },
});
