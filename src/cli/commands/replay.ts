import { defineCommand } from '../command.ts';

export const replay = defineCommand({
  name: 'replay',
  args: 'RECORDING…',
  count: [1, 1000],
  about: [
    'Plays recorded outages through the whole service, and prints what would have been sent, by alert, and how often. So',
    "you can try rules on last year's outages before they wake anybody. Nothing leaves this machine.",
    'A RECORDING holds one poll a line, {"captured_at": "…", "body": …}, or an event of Stripe as its API gives it, or is',
    'the incidents.json of a Statuspage (https://PAGE/api/v2/incidents.json); it may be compressed with gzip. Its file is',
    'named after the status page. With --page several recordings are played as one.',
  ],
  options: {
    rules: {
      type: 'string',
      value: 'FILE',
      about: 'The rules file; CONFIG_FILE or vendor-signals.yaml, if it is there.',
    },
    compare: { type: 'string', value: 'FILE', about: 'A second rules file, to see what it would change.' },
    page: { type: 'string', value: 'NAME', about: 'The name of the status page in the rules.' },
    'route-warning': { type: 'boolean', about: 'As with ROUTE_WARNING=true, where there is no rules file.' },
    json: { type: 'boolean', about: 'Print the result as JSON.' },
  },
  examples: [
    'replay fixtures/replay/acme_outage.jsonl --page acme',
    'replay fixtures/replay/them_or_us.jsonl --page acmepay --rules fixtures/replay/them_or_us.yaml',
    'replay github.jsonl.gz --rules vendor-signals.yaml --compare quieter.yaml',
  ],
  async run({ rules, compare, page, 'route-warning': routeWarning = false, json = false }, files, io) {
    const { runReplay } = await import('../replay/run-replay.ts');
    return runReplay(files, { rules, compare, page, routeWarning, json }, io);
  },
});
