import { defineCommand } from '../command.ts';

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
  async run({ page = 'vendor', at, rules, json = false }, [file = ''], io) {
    const { runExplain } = await import('../explain/run-explain.ts');
    return runExplain({ file, page, at, rules, json }, io);
  },
});
