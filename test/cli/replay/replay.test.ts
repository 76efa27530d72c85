// Recordings through the whole service, with rules whose holds, windows and silences need the clock between the polls.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../../support/cli.ts';
import { emptyFolder } from '../../support/script.ts';
import { component, incident, summary } from '../../support/status-page.ts';

const outage = fileURLToPath(new URL('../../../fixtures/replay/acme_outage.jsonl', import.meta.url));
const payments = fileURLToPath(new URL('../../../fixtures/replay/them_or_us.jsonl', import.meta.url));
const folded = fileURLToPath(new URL('../../../fixtures/replay/folded_outage.jsonl', import.meta.url));

const write = async (name: string, content: string): Promise<string> => {
  const file = join(await emptyFolder(), name);
  await writeFile(file, content);
  return file;
};

interface Poll {
  readonly at: string;
  readonly down?: readonly string[];
  readonly status?: string;
}

/** Polls of a status page with the components a and b, of which some are down. */
const record = (polls: readonly Poll[]): string =>
  polls
    .map(({ at, down = [], status = 'major_outage' }) => {
      const components = ['a', 'b'].map((id) =>
        component(id, down.includes(id) ? status : 'operational', { updated_at: at }),
      );
      return `${JSON.stringify({ captured_at: at, body: summary({ updatedAt: at, components }) })}\n`;
    })
    .join('');

const json = async (...argv: readonly string[]) => {
  const { code, stdout, stderr } = await runCommand(['replay', ...argv, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
};

const shown = (told: readonly { at: string; action: string; destination: string }[]): readonly string[] =>
  told.map(({ at, action, destination }) => `${at.slice(5, 16)} ${action} ${destination}`);

it('tells as a careful person would through an outage with a stale copy and a failed poll in its middle', async () => {
  const { told, unused, statistics } = await json(outage, '--page', 'acme');
  expect(shown(told)).toEqual([
    '02-10T14:10 trigger pagerduty',
    '02-10T14:10 update pagerduty',
    '02-10T15:00 resolve pagerduty',
  ]);
  expect(Object.keys(unused)).toEqual(['an old copy', expect.stringContaining('no statuspage summary')]);
  expect(statistics).toMatchObject({ alerts: 1, alertsTold: 1, all: { notifications: 1 } });
});

it('plays webhooks between the polls: payments that fail while their vendor is down, and while it is well', async () => {
  const rulesFile = fileURLToPath(new URL('../../../fixtures/replay/them_or_us.yaml', import.meta.url));
  const { told, unused, statistics } = await json(payments, '--page', 'acmepay', '--rules', rulesFile);
  expect(
    told.map(({ at, action, summary, otherSide = '' }: Record<string, string>) =>
      [at?.slice(5, 16), action, summary, otherSide].join(' | '),
    ),
  ).toEqual([
    '03-02T09:16 | trigger | Elevated errors on Payments | ',
    '03-02T09:20 | update | declines: 21% of 29 payments in EUR failed within 15 min | ',
    expect.stringMatching(/^03-02T09:45 \| resolve \| /),
    '03-03T09:10 | trigger | declines: 60% of 20 payments in EUR failed within 15 min | No trouble is reported by Acme Pay.',
    expect.stringMatching(/^03-03T09:17 \| resolve \| /),
  ]);
  expect({ unused, alerts: statistics.alerts }).toEqual({ unused: {}, alerts: 2 });
});

it('says why a recorded event was not taken in', async () => {
  const event = JSON.stringify({ object: 'event', id: 'evt_1', created: 1_772_000_000 });
  const { unused } = await json(await write('acme.jsonl', event));
  expect(Object.values(unused)).toEqual([1]);
});

it('--route-warning tells of warnings, too', async () => {
  const { told } = await json(folded, '--page', 'acme', '--route-warning');
  expect(told.map(({ action, reason, summary }: Record<string, string>) => `${action} ${reason}: ${summary}`)).toEqual([
    'trigger opened: Card payments are failing',
    'update joined: Payments API: degraded_performance',
    'trigger louder: Card payments are failing',
    'update joined: Payouts: partial_outage',
    'resolve ended: Card payments are failing',
  ]);
});

const rules = (route: string, more = ''): string => `version: 1
timezone: UTC
status_pages: { acme: { url: https://status.acme.test } }
destinations:
  oncall: { type: pagerduty, routing_key: "\${KEY_THAT_IS_NOT_SET}" }
  vendors: { type: webhook, url: "\${URL_THAT_IS_NOT_SET}", secret: "\${SECRET_THAT_IS_NOT_SET}" }
windows: { night: { from: "22:00", to: "07:00" } }
routes:
  - ${route}
${more}`;

const play = async (polls: readonly Poll[], yaml: string) => {
  const recording = await write('acme.jsonl', record(polls));
  return json(recording, '--rules', await write('rules.yaml', yaml));
};

it('a hold ends between two polls', async () => {
  const yaml = rules('{ name: has to last, when: { page: acme }, hold: 10m, send: [vendors] }');
  const day = '2026-01-06T';
  const { told, untold } = await play(
    [
      { at: `${day}10:00:00Z` },
      { at: `${day}10:30:00Z`, down: ['a'] },
      { at: `${day}10:35:00Z` },
      { at: `${day}14:00:00Z`, down: ['b'] },
      { at: `${day}15:00:00Z` },
    ],
    yaml,
  );
  expect(shown(told)).toEqual(['01-06T14:10 trigger vendors', '01-06T15:00 resolve vendors']);
  expect(untold).toHaveLength(1);
});

it('at the end of a window what is still open is told', async () => {
  const yaml = rules(
    '{ name: until the morning, when: { page: acme, during: night }, send: [vendors], at_end_of_window: [oncall] }',
  );
  const { told } = await play(
    [{ at: '2026-01-06T23:00:00Z' }, { at: '2026-01-06T23:30:00Z', down: ['a'] }, { at: '2026-01-07T09:00:00Z' }],
    yaml,
  );
  // Two destinations are told at the same time, and either may have accepted first.
  expect(shown(told).toSorted()).toEqual([
    '01-06T23:30 trigger vendors',
    '01-07T07:00 trigger oncall',
    '01-07T09:00 resolve oncall',
    '01-07T09:00 resolve vendors',
  ]);
});

it('a silence of the file holds back until its end', async () => {
  const silence =
    'silences:\n  - { when: { page: acme }, from: 2026-01-06T10:00, until: 2026-01-06T12:00, because: planned }\n';
  const { told } = await play(
    [{ at: '2026-01-06T10:00:00Z' }, { at: '2026-01-06T10:30:00Z', down: ['a'] }, { at: '2026-01-06T13:00:00Z' }],
    rules('{ name: all, when: { severity: critical }, send: [oncall] }', silence),
  );
  expect(shown(told)).toEqual(['01-06T12:00 trigger oncall', '01-06T13:00 resolve oncall']);
});

it('an alert that became less serious ends by easing, half an hour later', async () => {
  const { told } = await play(
    [
      { at: '2026-01-06T10:00:00Z' },
      { at: '2026-01-06T10:10:00Z', down: ['a'] },
      { at: '2026-01-06T10:20:00Z', down: ['a'], status: 'degraded_performance' },
      { at: '2026-01-06T13:00:00Z', down: ['a'], status: 'degraded_performance' },
    ],
    rules('{ name: all, when: { severity: critical }, send: [oncall] }'),
  );
  expect(shown(told)).toEqual(['01-06T10:10 trigger oncall', '01-06T10:50 resolve oncall']);
  expect(told.at(-1)).toMatchObject({ reason: 'eased' });
});

it('a component that disappears is over when it was missing for long enough, even if nothing else changes', async () => {
  const without = summary({ updatedAt: '2026-01-06T10:30:00Z', components: [component('b', 'operational')] });
  const last = summary({ updatedAt: '2026-01-06T10:30:00Z', components: [component('b', 'operational')] });
  const text =
    record([{ at: '2026-01-06T10:00:00Z' }, { at: '2026-01-06T10:10:00Z', down: ['a'] }]) +
    [
      { captured_at: '2026-01-06T10:30:00Z', body: without },
      { captured_at: '2026-01-06T18:00:00Z', body: last },
    ]
      .map((poll) => `${JSON.stringify(poll)}\n`)
      .join('');
  const { told } = await json(await write('acme.jsonl', text));
  expect(shown(told)).toEqual(['01-06T10:10 trigger pagerduty', '01-06T10:46 resolve pagerduty']);
});

it("reads a vendor's own history", async () => {
  const updates = [
    { id: 'u2', status: 'resolved', created_at: '2026-01-06T11:00:00Z' },
    { id: 'u1', status: 'investigating', created_at: '2026-01-06T10:00:00Z' },
  ];
  const past = incident('1', {
    created_at: '2026-01-06T10:00:00Z',
    resolved_at: '2026-01-06T11:00:00Z',
    incident_updates: updates,
  });
  const file = await write('incidents.json', JSON.stringify({ page: { id: 'acme' }, incidents: [past] }));
  const { told } = await json(file, '--page', 'acme');
  expect(shown(told)).toEqual(['01-06T10:00 trigger pagerduty', '01-06T11:00 resolve pagerduty']);
});

it('--compare shows two rules files beside each other, and what only one of them sends', async () => {
  const recording = await write(
    'acme.jsonl',
    record([
      { at: '2026-01-06T10:00:00Z' },
      { at: '2026-01-06T10:30:00Z', down: ['a'] },
      { at: '2026-01-06T10:35:00Z' },
    ]),
  );
  const loud = await write('loud.yaml', rules('{ name: all, when: { severity: critical }, send: [oncall] }'));
  const quiet = await write(
    'quiet.yaml',
    rules('{ name: all, when: { severity: critical }, hold: 10m, send: [oncall] }'),
  );
  const { code, stdout } = await runCommand(['replay', recording, '--rules', loud, '--compare', quiet]);
  expect(code).toBe(0);
  expect(stdout).toContain('- 2026-01-06 10:30Z  critical  oncall  Component a: major_outage\n');
  expect(stdout).toContain('notifications\t1\t0\n');
  expect(stdout).toContain('  oncall\t1\t0\n');
  expect(
    JSON.parse((await runCommand(['replay', recording, '--rules', loud, '--compare', quiet, '--json'])).stdout),
  ).toMatchObject({
    first: { rules: loud, statistics: { alertsTold: 1 } },
    second: { rules: quiet, statistics: { alertsTold: 0 } },
  });
});

it('several recordings are played each as its own status page, and counted together', async () => {
  const polls = record([{ at: '2026-01-06T10:00:00Z' }, { at: '2026-01-06T10:30:00Z', down: ['a'] }]);
  const { told, statistics } = await json(await write('one.jsonl', polls), await write('two.jsonl', polls));
  expect(told.map(({ alertId }: { alertId: string }) => alertId.split(':')[0])).toEqual(['one_status', 'two_status']);
  expect(statistics.loudestHour).toMatchObject({ notifications: 2 });
});

it('progress of long work is shown, and taken away at the end', async () => {
  let nowMs = 0;
  const now = () => {
    nowMs += 1000;
    return nowMs;
  };
  const { progress } = await runCommand(['replay', outage, '--page', 'acme'], { now });
  expect(progress).toContain('no rules file: 2 of 7');
  expect(progress.at(-1)).toBe('');
});

it('a recording that the rules know under no name is a hint on stderr', async () => {
  const file = await write('rules.yaml', rules('{ name: all, send: [oncall] }'));
  const { code, stderr } = await runCommand(['replay', outage, '--rules', file]);
  expect(code).toBe(0);
  expect(stderr).toBe(
    'The rules know no status page "acme_outage", only acme: --page NAME tells which one is meant.\n',
  );
});

it('rules of CONFIG_FILE, and else vendor-signals.yaml of the folder, are those that are played', async () => {
  const file = await write('vendor-signals.yaml', rules('{ name: all, send: [vendors] }'));
  const rulesOf = async (env: Readonly<Record<string, string>>) => {
    const { stdout } = await runCommand(['replay', outage, '--page', 'acme', '--json'], { env });
    return JSON.parse(stdout).rules;
  };
  expect(await rulesOf({ CONFIG_FILE: ` ${file} ` })).toBe(file);
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(dirname(file));
  expect(await rulesOf({})).toBe('vendor-signals.yaml');
});

it('what stays quiet is a line of numbers alone, and a built-in status page needs no address', async () => {
  const well = record([{ at: '2026-01-06T10:00:00Z' }, { at: '2026-01-06T10:30:00Z' }]);
  const { code, stdout } = await runCommand(['replay', await write('braze.jsonl', well)]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^2 polls of less than a day: 0 alerts, 0 of them told\.\nNight is /);
});

it('a recording whose file has no usable name is one of "vendor", and an empty history has no polls', async () => {
  const file = await write('---.json', '{"page":{"id":"acme"},"incidents":[]}');
  const { code, stdout, stderr } = await runCommand([
    'replay',
    file,
    '--rules',
    await write('r.yaml', rules('{ name: all, send: [oncall] }')),
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain('The rules know no status page "vendor"');
  expect(stdout).toMatch(/^0 polls of .*Longest quiet: -\. Loudest hour: -\.\n$/s);
});

it.each([
  ['a recording that is none', ['package.json'], 'line 1 of package.json is neither'],
  ['rules that are none', [outage, '--rules', 'package.json'], 'package.json:'],
  [
    'rules that are not there',
    [outage, '--compare', 'nowhere.yaml'],
    'nowhere.yaml cannot be read: there is no such file',
  ],
])('%s: exit code 1, and why', async (_what, argv, message) => {
  const { code, stdout, stderr } = await runCommand(['replay', ...argv]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(message);
});
