import { escapeUnsafe } from '../../lib/text.ts';
import { defineCommand } from '../command.ts';
import { CommandFailed } from '../failures.ts';
import { readText } from '../read-text.ts';
import { connect, serviceOptions } from '../service.ts';
import { signatureHeader } from '../sign.ts';

const path = '/ingest/stripe';

export const send = defineCommand({
  name: 'send',
  args: 'FILE',
  count: [1, 1],
  about: [
    'Signs a Stripe event as Stripe does, with STRIPE_WEBHOOK_SECRET, and sends it to a running service.',
    'Without STRIPE_WEBHOOK_SECRET in the environment or .env it cannot be signed.',
  ],
  options: { url: serviceOptions.url },
  examples: ['send fixtures/stripe/payout_failed.json'],
  async run({ url }, [file = ''], io) {
    // Some have always given the whole address.
    const service = connect(io, url?.endsWith(path) ? url.slice(0, -path.length) : url);
    const secret = io.env.STRIPE_WEBHOOK_SECRET?.split(',')[0]?.trim();
    if (!secret) throw new CommandFailed('STRIPE_WEBHOOK_SECRET is not set: it has to be the one of the service');
    const body = await readText(file);
    const headers = { 'stripe-signature': signatureHeader(body, secret, io.now()) };
    io.print(escapeUnsafe(JSON.stringify(await service.ask('POST', path, { body, headers }))));
    return 0;
  },
});
