import { defineCommand } from '../command.ts';

export const start = defineCommand({
  name: 'start',
  args: '',
  count: [0, 0],
  about: [
    'Runs the service, with the configuration of the environment and of .env, until it gets SIGTERM or SIGINT.',
    'docs/configuration.md lists all variables.',
  ],
  options: {},
  examples: ['start'],
  async run() {
    // It is a process of its own: it handles signals, and exits by itself.
    await import('../../main.ts');
    return 0;
  },
});
