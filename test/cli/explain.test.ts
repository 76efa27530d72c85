import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCommand } from '../support/cli.ts';
import { routingKey } from '../support/pagerduty.ts';
import { emptyFolder } from '../support/script.ts';
import { component, incident, summary } from '../support/status-page.ts';

const payout = fileURLToPath(new URL('../../fixtures/stripe/payout_failed.json', import.meta.url));
const notOurs = fileURLToPath(new URL('../../package.json', import.meta.url));

const write = async (name: string, content: string): Promise<string> => {
  const file = join(await emptyFolder(), name);
  await writeFile(file, content);
  return file;
};

it('needs no secret and no service to say what would become of a payload', async () => {
  const { code, stdout, stderr } = await runCommand(['explain', payout]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('critical  payout.failed: po_123');
  expect(stdout).toContain('Sent: critical events are always sent.');
  expect(stdout).toContain('POST http://127.0.0.1:3000/destinations/pagerduty');
});

it('says it under the configuration that it finds, as JSON when asked to, and shows no secret', async () => {
  const env = { PAGERDUTY_ROUTING_KEY: routingKey, API_TOKEN: 'tok_secret_1', STORE_URL: 'sqlite:not-there/x.db' };
  const { code, stdout, stderr } = await runCommand(['explain', payout, '--json'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    vendor: 'stripe',
    events: [{ verdict: 'new', requests: [{ body: { routing_key: '(set)', dedup_key: 'evt_1abc' } }] }],
  });
  expect(stdout).not.toContain(routingKey);
  expect(stdout).not.toContain('tok_secret_1');
});

it('takes a summary for the page that is named, and leaves a vendor’s text no control over the terminal', async () => {
  const parts = { incidents: [incident('1', { name: '\u001b[31mRed\u0007 \u009b31malert' }), { id: 7 }] };
  const file = await write('summary.json', JSON.stringify(summary(parts)));
  const { code, stdout } = await runCommand(['explain', file, '--page', 'acme']);
  expect(code).toBe(0);
  expect(stdout).toContain('taken for the status page "acme": good. Items: 1.');
  expect(stdout).toContain('Left out: incidents[1]');
  expect(stdout).toContain('new: acme_status:incident:1, incident of acme_status');
  const asJson = await runCommand(['explain', file, '--page', 'acme', '--json']);
  for (const control of ['\u001b', '\u009b']) expect(stdout + asJson.stdout).not.toContain(control);
  expect(JSON.parse(asJson.stdout).events[0].event.summary).toContain('\u009b31malert');
});

const rules = `version: 1
timezone: UTC
status_pages: { acme: { url: https://status.acme.test } }
destinations:
  oncall: { type: pagerduty, routing_key: "\${NOT_SET}" }
  vendors: { type: slack, token: "\${NOT_SET_EITHER}", channel: "#vendors" }
windows: { night: { from: "22:00", to: "07:00" } }
routes:
  - { name: quiet at night, when: { page: acme, during: night }, send: [vendors] }
  - { name: loud by day, when: { page: acme }, send: [oncall] }
`;

it.each([
  ['2026-03-01T12:00:00Z', 'loud by day', 'oncall'],
  ['2026-03-01T23:00:00Z', 'quiet at night', 'vendors'],
])(
  'with --rules and --at %s it names the route that decides, without the secrets of the file',
  async (at, route, to) => {
    const file = await write('summary.json', JSON.stringify(summary({ components: [component('a', 'major_outage')] })));
    const path = await write('rules.yaml', rules);
    const { code, stdout } = await runCommand(['explain', file, '--page', 'acme', '--at', at, '--rules', path]);
    expect(code).toBe(0);
    expect(stdout).toContain(`route '${route}' (rules.yaml:`);
    expect(stdout).toContain(`trigger to ${to}:`);
  },
);

it('CONFIG_FILE is the rules file, too', async () => {
  const path = await write('rules.yaml', rules.replace('page: acme }', 'source: stripe }'));
  const { stdout } = await runCommand(['explain', payout], { env: { CONFIG_FILE: path } });
  expect(stdout).toContain("route 'loud by day' (rules.yaml:10)");
});

it.each<[string, readonly string[], Record<string, string>, string]>([
  ['for a file that is not there', ['nowhere.json'], {}, 'nowhere.json cannot be read: there is no such file'],
  ['for what is neither form', [notOurs], {}, 'stripe.id: '],
  ['under a configuration that is not usable', [payout], { ROUTE_WARNING: 'yes' }, 'ROUTE_WARNING: '],
  ['with rules that are no rules', [payout, '--rules', notOurs], {}, `${notOurs}:`],
])('%s it says what is wrong, and ends with 1', async (_how, args, env, problem) => {
  const { code, stdout, stderr } = await runCommand(['explain', ...args], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(problem);
  expect(stderr).not.toContain('    at ');
});
