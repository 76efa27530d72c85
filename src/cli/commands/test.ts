import { defineCommand } from '../command.ts';

export const test = defineCommand({
  name: 'test',
  args: '[FILE]',
  count: [0, 1],
  about: [
    'Runs the tests of a rules file (vendor-signals.yaml, if it is absent). A variable that is not set is read as a',
    'placeholder, so that it runs in your CI, without the secrets. A test that fails shows which rule decided.',
  ],
  options: { json: { type: 'boolean', about: 'Print the results as JSON.' } },
  examples: ['test vendor-signals.yaml'],
  async run({ json = false }, [file], io) {
    const { runRulesTests } = await import('../run-rules-tests.ts');
    return runRulesTests(file, json, io);
  },
});
