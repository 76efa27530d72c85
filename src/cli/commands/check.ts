import { defineCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';

export const check = defineCommand({
  name: 'check',
  args: '',
  count: [0, 0],
  about: [
    'Checks the environment and .env, and the rules file with its tests, as the service would read them, and tells every',
    'problem at once. With --live it also reads each status page, looks at the store without touching it, and sends each',
    'destination a test message and its end. It ends with 1 when something would keep the service from working.',
  ],
  options: {
    live: { type: 'boolean', about: 'Ask the status pages, the store and the destinations, too.' },
    only: { type: 'string', value: 'NAME', about: 'With --live, only this status page or destination.' },
    json: { type: 'boolean', about: 'Print the findings and the configuration, without its secrets, as JSON.' },
  },
  examples: ['check', 'check --live --only oncall'],
  async run({ live = false, only, json = false }, _args, io) {
    if (only !== undefined && !live) throw new WrongUsage('--only goes with --live');
    const { runCheck } = await import('../check/run-check.ts');
    return runCheck({ live, only, json }, io);
  },
});
