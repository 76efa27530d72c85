import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { ownCommands, serviceCommands } from '../../src/cli/commands.ts';
import { runCommand } from '../support/cli.ts';

const commands = [...ownCommands, ...serviceCommands];

it.each([[[]], [['--help']], [['-h']], [['help']]])('%j prints all commands, and is no failure', async (argv) => {
  const { code, stdout, stderr } = await runCommand(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const { name, about } of commands) expect(stdout).toContain(`  ${name.padEnd(8)}  ${about}\n`);
});

it('--version prints the version of the package', async () => {
  expect(await runCommand(['--version'])).toMatchObject({ code: 0, stdout: `${packageJson.version}\n` });
});

it.each(commands.map(({ name }) => name))('%s --help shows how it is used, with an example of it', async (name) => {
  const { code, stdout } = await runCommand([name, '--help']);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^Usage: vendor-signals ${name} `));
  expect(stdout).toMatch(new RegExp(`\nExamples?:\n  vendor-signals ${name}`));
  expect(stdout).toContain('  --help');
  expect((await runCommand(['help', name])).stdout).toBe(stdout);
});

it.each<[readonly string[], string]>([
  [['alert'], 'there is no command "alert" (did you mean "alerts"?)'],
  [['frobnicate'], 'there is no command "frobnicate"'],
  [['alerts', '--sverity', 'critical'], 'there is no option --sverity (did you mean "--severity"?)'],
  [['alerts', '--severity'], '--severity needs a value: --severity SEVERITY'],
  [['alerts', '--severity', '--json'], '--severity needs a value'],
  [['alerts', '--severity='], '--severity needs a value'],
  [['alerts', '--json=yes'], '--json takes no value'],
  [['alerts', '--state', 'closed'], '--state: expected open, resolved or all'],
  [['alerts', '--severity', 'foo'], '--severity: expected info, warning or critical'],
  [['alerts', '--severity', 'crit'], '(did you mean "critical"?)'],
  [['alerts', '--source', 'braze'], '--source: expected "stripe" or "{page}_status"'],
  [['alerts', '--since', 'soon'], '--since: expected an ISO-8601 time'],
  [['alerts', '--limit', '0'], '--limit: expected a number from 1 to 1000'],
  [['alerts', '--limit', 'many'], '--limit: expected a whole number'],
  [['events', '--state', 'all'], '--state: expected open or resolved'],
  [['events', '--severity', 'foo'], '--severity: expected info, warning or critical'],
  [['events', '--kind', 'foo'], '--kind: expected incident, status or payment'],
  [['events', '--since', 'soon'], '--since: expected an ISO-8601 time'],
  [['events', '--until', 'soon'], '--until: expected an ISO-8601 time'],
  [['events', '--limit', '1001'], '--limit: expected a number from 1 to 1000'],
  [['alerts', 'more'], '"more" is one argument too many'],
  [['alerts', '--url', 'nowhere'], 'the address of the service must be a URL'],
  [['alerts', '--url', 'https://me:secret@signals.test'], 'the address of the service must be a URL'],
  [['alerts', '--__proto__', 'x'], 'there is no option --__proto__'],
  [['show'], 'ID is missing'],
  [['retry', '--since', 'soon'], '--since: expected an ISO-8601 time'],
  [['resolve', 'evt_1', '--note', 'x'.repeat(1001)], '--note: '],
  [['retry', 'dlv_1', '--since', '2026-01-01T00:00:00Z'], '--since is for all deliveries'],
  [['silence', '--until', '2h', '--because', 'x'], '--when is missing'],
  [['silence', '--when', 'page=braze', '--because', 'x'], '--until is missing'],
  [['silence', '--when', 'page=braze', '--until', '2h'], '--because is missing'],
  [['silence', '--when', 'page', '--until', '2h', '--because', 'x'], '--when is FACT=VALUE, and not "page"'],
  [
    ['silence', '--when', 'pgae=x', '--until', '2h', '--because', 'x'],
    '--when: unknown fact "pgae" (did you mean "page"?)',
  ],
  [
    ['silence', '--when', 'severity=foo', '--until', '2h', '--because', 'x'],
    '--when: expected info, warning or critical',
  ],
  [['silence', '--when', 'page=x', '--until', 'soon', '--because', 'x'], '--until: expected a length such as 2h'],
  [['silence', '--when', 'page=x', '--until', '2h', '--from', 'soon', '--because', 'x'], '--from: '],
  [['silence', '--when', 'page=x', '--until', '2h', '--because', 'x'.repeat(2001)], '--because: '],
  [['silence', '--when', 'page=x', '--until', '2h', '--because', 'x', '--by', 'x'.repeat(201)], '--by: '],
  [['silence', '--end', 'sil_1', '--until', '2h'], '--end ends a silence that there is'],
  [['check', '--only', 'oncall'], '--only goes with --live'],
  [['test'], 'FILE is missing, and there is no vendor-signals.yaml here'],
  [['replay'], 'RECORDING… is missing'],
  [['explain', 'x.json', '--at', 'soon'], '--at: expected an ISO-8601 time'],
  [['explain', 'x.json', '--page', 'Not A Name'], '--page: expected lower-case letters'],
  [['replay', 'x.jsonl', '--page', 'Not A Name'], '--page is a name of lower-case letters'],
])('%j is wrong usage, which is told with exit code 2', async (argv, message) => {
  const { code, stdout, stderr } = await runCommand(argv);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).toContain('--help tells how to use it.');
  expect(stderr).not.toContain('secret');
});

it('help that is asked for is no wrong usage, whatever else is wrong', async () => {
  expect(await runCommand(['show', '-h'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: ') });
  expect(await runCommand(['show', '--nothing', '--help'])).toMatchObject({ code: 0, stderr: '' });
});

it('after "--" everything is an argument', async () => {
  const { code, stderr } = await runCommand(['explain', '--', '--page']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '--page cannot be read: there is no such file\n' });
});
