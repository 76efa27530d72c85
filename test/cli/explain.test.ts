import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { routingKey } from '../support/pagerduty.ts';
import { emptyFolder, runScript } from '../support/script.ts';
import { incident, summary } from '../support/status-page.ts';

const payout = fileURLToPath(new URL('../../fixtures/stripe/payout_failed.json', import.meta.url));

it('needs no secret and no service to say what would become of a payload', async () => {
  const { code, stdout, stderr } = await runScript('explain', [payout]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('critical  payout.failed: po_123');
  expect(stdout).toContain('Sent, because critical events are always sent.');
  expect(stdout).toContain('POST http://127.0.0.1:3000/destinations/pagerduty');
});

it('says it under the configuration that it finds, as JSON when asked to, and shows no secret', async () => {
  const env = { PAGERDUTY_ROUTING_KEY: routingKey, API_TOKEN: 'tok_secret_1', STORE_URL: 'sqlite:not-there/x.db' };
  const { code, stdout, stderr } = await runScript('explain', [payout, '--json'], env);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    vendor: 'stripe',
    events: [{ verdict: 'new', requests: [{ body: { routing_key: '(set)', dedup_key: 'evt_1abc' } }] }],
  });
  expect(stdout).not.toContain(routingKey);
  expect(stdout).not.toContain('tok_secret_1');
});

it('takes a summary for the page that is named, and leaves a vendor’s text no control over the terminal', async () => {
  const file = join(await emptyFolder(), 'summary.json');
  const parts = { incidents: [incident('1', { name: '\u001b[31mRed\u0007 alert' }), { id: 7 }] };
  await writeFile(file, JSON.stringify(summary(parts)));
  const { code, stdout } = await runScript('explain', [file, '--page', 'acme']);
  expect(code).toBe(0);
  expect(stdout).toContain('taken for the page "acme": good. Items: 1.');
  expect(stdout).toContain('Left out: incidents[1]');
  expect(stdout).toContain('new: acme_status:incident:1, incident of acme_status');
  expect(stdout).not.toContain('\u001b');
});

it.each<[string, readonly string[], Record<string, string>, string]>([
  ['without a file', [], {}, 'usage: npm run explain'],
  ['for a file that is not there', ['nowhere.json'], {}, 'ENOENT'],
  ['for what is neither form', [fileURLToPath(new URL('../../package.json', import.meta.url))], {}, 'stripe.id: '],
  ['under a configuration that is not usable', [payout], { ROUTE_WARNING: 'yes' }, 'ROUTE_WARNING: '],
])('%s it says what is wrong, and ends with 1', async (_how, args, env, problem) => {
  const { code, stdout, stderr } = await runScript('explain', args, env);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(problem);
  expect(stderr).not.toContain('    at ');
});
