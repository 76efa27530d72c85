import { defineCommand } from '../command.ts';
import { printJson } from '../text.ts';

export const schema = defineCommand({
  name: 'schema',
  args: '',
  count: [0, 0],
  about: [
    'Prints the JSON Schema of the rules file. An editor that knows it completes names and marks mistakes:',
    'put "# yaml-language-server: $schema=vendor-signals.schema.json" in the first line of vendor-signals.yaml.',
  ],
  options: {},
  examples: ['schema > vendor-signals.schema.json'],
  async run(_values, _args, io) {
    const { rulesJsonSchema } = await import('../../domain/rules/json-schema.ts');
    printJson(rulesJsonSchema(), io);
    return 0;
  },
});
