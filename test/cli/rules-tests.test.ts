import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rulesJsonSchema } from '../../src/domain/rules/json-schema.ts';
import { runCommand } from '../support/cli.ts';
import { emptyFolder } from '../support/script.ts';

const rules = (sent: string): string => `version: 1
destinations: { oncall: { type: pagerduty, routing_key: "\${KEY_THAT_IS_NOT_SET}" } }
routes:
  - { name: critical wakes somebody, when: { severity: critical }, send: [oncall] }
tests:
  - { name: a payout wakes us, given: { type: payout.failed }, expect: { sent: [${sent}] } }
  - { name: a declined card does not, given: { type: payment_intent.payment_failed }, expect: { sent: [] } }
`;

const write = async (content: string): Promise<string> => {
  const file = join(await emptyFolder(), 'rules.yaml');
  await writeFile(file, content);
  return file;
};

it('runs the tests of a file without its secrets', async () => {
  expect(await runCommand(['test', await write(rules('oncall'))])).toMatchObject({
    code: 0,
    stdout: 'passed  a payout wakes us\npassed  a declined card does not\n2 passed, 0 failed\n',
    stderr: '',
  });
});

it('a test that fails shows what was expected, what came, and the rule that decided', async () => {
  const { code, stdout } = await runCommand(['test', await write(rules(''))]);
  expect(code).toBe(1);
  expect(stdout).toContain('failed  a payout wakes us\n');
  expect(stdout).toContain('expected sent [], got [oncall]');
  expect(stdout).toMatch(/decided by: route 'critical wakes somebody' \(rules.yaml:4\)/);
  expect(stdout).toContain('1 passed, 1 failed\n');
});

it('problems of the file stand with their line and column', async () => {
  const file = await write('version: 1\nroutes:\n  - { name: a, whne: {}, send: [] }\n');
  const { code, stdout, stderr } = await runCommand(['test', file]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`${file}:3:16: `);
});

it('--json has the problems and each test', async () => {
  const { code, stdout } = await runCommand(['test', '--json'], { env: { CONFIG_FILE: await write(rules('')) } });
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    problems: [{ line: 6 }],
    tests: [{ name: 'a payout wakes us', failures: [expect.any(String)] }, { failures: [] }],
  });
});

it('--json has the problems of rules that are none, and no tests', async () => {
  const file = await write('version: 1\nroutes: 7\n');
  const { code, stdout } = await runCommand(['test', file, '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, problems: [{ line: 2 }], tests: [] });
});

it("the environment's destination is called pagerduty, with and without a key, as in the service", async () => {
  const fileWith = (name: string) => write(`version: 1\nroutes: [{ name: a, send: [${name}] }]\n`);
  expect(await runCommand(['test', await fileWith('pagerduty')])).toMatchObject({ code: 0 });
  const { code, stderr } = await runCommand(['test', await fileWith('mock')]);
  expect(code).toBe(1);
  expect(stderr).toContain('there is no destination "mock"');
});

it('a file without tests says so', async () => {
  const file = await write('version: 1\n');
  expect(await runCommand(['test', file])).toMatchObject({ code: 0, stdout: `${file} has no tests.\n` });
});

it('schema prints the schema that editors need', async () => {
  const { code, stdout } = await runCommand(['schema']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(rulesJsonSchema())));
});
