import { expect, it, vi } from 'vitest';
import { fakePagerDuty } from '../../support/pagerduty.ts';
import { startService } from '../../support/service.ts';
import { fakePage, incident, summary } from '../../support/status-page.ts';

const secret = 'a-secret-of-only-this-test';
const hook = `/hooks/status/${secret}`;
const start = (env: Readonly<Record<string, string>> = {}) =>
  startService({ STATUS_HOOK_SECRET: secret, API_TOKEN: 'token-of-only-this-test', ...env });
const lie = JSON.stringify({
  page: { id: 'acme' },
  incident: { id: 'x', name: 'Nothing is wrong', status: 'resolved' },
});

it('reads the status pages at once, and believes nothing of the body', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  page.serve(summary({ incidents: [incident('1')] }));
  const service = await start();
  const answer = await service.request(hook, { method: 'POST', body: lie });
  expect([answer.status, await answer.json()]).toEqual([202, { reading: true }]);
  await vi.waitFor(() => expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1']));
});

it('reads them once for a burst, and says of the others that they are read soon', async () => {
  fakePagerDuty();
  const page = fakePage();
  page.serve(summary({}));
  const service = await start();
  const hint = async () => (await service.request(hook, { method: 'POST' })).json();
  expect(await hint()).toEqual({ reading: true });
  for (let n = 0; n < 20; n++) expect(await hint()).toEqual({ reading: false });
  await vi.waitFor(() => expect(service.logged.of('page.changed')).toHaveLength(1));
  expect(page.requests).toHaveLength(1);
});

it('a wrong secret, and any where none is configured, finds nothing', async () => {
  fakePagerDuty();
  const page = fakePage();
  const service = await start();
  for (const path of ['/hooks/status/wrong', `${hook}x`, '/hooks/status/'])
    expect((await service.request(path, { method: 'POST' })).status).toBe(404);
  const without = await startService();
  for (const path of [hook, '/hooks/status/null'])
    expect((await without.request(path, { method: 'POST' })).status).toBe(404);
  expect(page.requests).toEqual([]);
});

it('keeps the secret, and what somebody guessed, out of the log', async () => {
  fakePagerDuty();
  fakePage().serve(summary({}));
  const service = await start();
  await service.request(hook, { method: 'POST' });
  await service.request('/hooks/status/a-guess-of-somebody', { method: 'POST' });
  expect(service.logged.of('request.answered').map(({ path }) => path)).toEqual(['/hooks/status/…', '/hooks/status/…']);
  expect(service.logged.text()).not.toContain(secret);
  expect(service.logged.text()).not.toContain('a-guess');
});

it.each(['short', 'with/a/slash/in/it/and/more', 'with white space in between'])('%s is no secret', async (given) => {
  await expect(startService({ STATUS_HOOK_SECRET: given })).rejects.toThrow('STATUS_HOOK_SECRET');
});
