import { defineCommand } from '../command.ts';

export const demo = defineCommand({
  name: 'demo',
  args: '',
  count: [0, 0],
  about: [
    'Shows the main job on real input, in one process, without an account, a key or a network. No person is notified.',
  ],
  options: { keep: { type: 'boolean', about: 'Leave the service running, to look around.' } },
  examples: ['demo', 'demo --keep'],
  async run({ keep = false }, _args, io) {
    const { runDemo } = await import('../demo/run-demo.ts');
    return runDemo(keep, io);
  },
});
