// What the subcommands make of answers that a real service seldom gives, from one that gives just these.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpResponse, http } from 'msw';
import { expect, it, onTestFinished } from 'vitest';
import { connect } from '../../src/cli/service.ts';
import { runCommand } from '../support/cli.ts';
import { startHttpServer } from '../support/http-server.ts';
import { network } from '../support/network.ts';
import { emptyFolder } from '../support/script.ts';

interface Asked {
  readonly line: string;
  readonly body: string;
}

/** A service that gives this answer to everything. */
const answering = async (answer: unknown, status = 200) => {
  const asked: Asked[] = [];
  const url = await startHttpServer((request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      asked.push({ line: `${request.method} ${request.url}`, body });
      response.writeHead(status).end(JSON.stringify(answer));
    });
  });
  const ask = (...argv: readonly string[]) => runCommand([...argv, '--url', url]);
  return { ask, asked };
};

const alert = {
  alert_id: 'a1',
  title: 'API errors',
  severity: 'critical',
  state: 'resolved',
  source: 'acme_status',
  opened_at: '2026-03-01T12:00:00.000Z',
  event_count: 2,
  told_to: [],
};

const event = {
  event_id: 'e1',
  severity: 'info',
  state: 'open',
  source: 'acme_status',
  summary: 'API errors',
  first_seen_at: '2026-03-01T12:00:00.000Z',
  delivered_to: [],
};

it('alerts --state all asks for every state, and says when there are more', async () => {
  const { ask, asked } = await answering({ alerts: [alert], next_cursor: 'more' });
  expect(await ask('alerts', '--state', 'all')).toEqual({
    code: 0,
    stdout: 'critical\tresolved\t2026-03-01 12:00Z\tacme_status\t2\t-\ta1\tAPI errors\n',
    stderr: 'There are more than these 1: see --limit.\n',
    progress: [''],
  });
  expect(asked).toEqual([{ line: 'GET /alerts', body: '' }]);
});

it('alerts names who was told since an alert was opened last', async () => {
  const { ask } = await answering({ alerts: [{ ...alert, told_to: ['oncall', 'chat'] }], next_cursor: null });
  expect((await ask('alerts')).stdout.split('\t')[5]).toBe('oncall,chat');
});

it('events says when there are more, and of which nobody was told', async () => {
  const { ask } = await answering({ events: [event], next_cursor: 'more' });
  expect(await ask('events')).toMatchObject({
    stdout: 'info\topen\t2026-03-01 12:00Z\tacme_status\t-\te1\tAPI errors\n',
    stderr: 'There are more than these 1: see --limit.\n',
  });
});

it('resolve counts the events of an alert, and with --json prints the answer', async () => {
  const answer = { resolved: ['e1', 'e2'], alert: { title: 'API errors' } };
  const { ask } = await answering(answer);
  expect((await ask('resolve', 'a1')).stdout).toBe('Resolved the alert "API errors" with its 2 events.\n');
  expect(JSON.parse((await ask('resolve', 'a1', '--json')).stdout)).toEqual(answer);
});

it('resolve --event says that the event was resolved', async () => {
  const { ask, asked } = await answering({ resolved: true, event: { summary: 'API errors' } });
  expect((await ask('resolve', 'e/1', '--event')).stdout).toBe('Resolved the event "API errors".\n');
  expect(asked[0]?.line).toBe('POST /events/e%2F1/resolve');
});

it.each([
  [{ retried: 1, skipped: 0 }, 'Retrying 1 failed delivery.\n'],
  [{ retried: 2, skipped: 3 }, 'Retrying 2 failed deliveries. 3 can no longer be sent.\n'],
])('retry --since asks for those since then, and says of %j how many', async (answer, sentence) => {
  const { ask, asked } = await answering(answer);
  const since = ['--since', '2026-03-01T00:00:00Z'];
  expect((await ask('retry', ...since)).stdout).toBe(sentence);
  expect(asked[0]).toEqual({ line: 'POST /deliveries/retry', body: '{"since":"2026-03-01T00:00:00Z"}' });
  expect(JSON.parse((await ask('retry', ...since, '--json')).stdout)).toEqual(answer);
});

it('retry with an id says that the delivery is retried', async () => {
  const delivery = { action: 'trigger', destination: 'oncall', status: 'pending' };
  const { ask } = await answering({ retried: true, delivery });
  expect((await ask('retry', 'dlv_1')).stdout).toBe('Retrying the trigger to oncall.\n');
});

const silence = {
  id: 'sil_1',
  origin: 'rules',
  state: 'active',
  when: { page: 'braze' },
  from: '2026-03-01T12:00:00.000Z',
  until: 'resolved',
  by: null,
  because: 'We move',
  stopped: ['a1'],
};

it('silences shows one of the rules file, which has no author and may end with the alerts', async () => {
  const { ask } = await answering({ silences: [silence] });
  expect((await ask('silences')).stdout).toBe(
    'active\tsil_1\tpage=braze\t2026-03-01 12:00Z\tresolved\t-\t1\tWe move\n',
  );
  expect(JSON.parse((await ask('silences', '--json')).stdout)).toEqual({ silences: [silence] });
});

it('silence with --json prints what was made', async () => {
  const { ask } = await answering(silence);
  const { stdout } = await ask('silence', '--when', 'page=braze', '--until', '2h', '--because', 'We move', '--json');
  expect(JSON.parse(stdout)).toEqual(silence);
});

const delivery = {
  id: 'dlv_1',
  destination: 'oncall',
  action: 'trigger',
  status: 'pending',
  attempts: 1,
  last_error: null,
  delivered_at: null,
  next_attempt_at: null,
};

const storyOf = { severity: 'critical', state: 'open', source: 'acme_status', deliveries: [], history: [] };

it('show says of each delivery what is known: the next attempt, the last error, or its state alone', async () => {
  const at = '2026-03-01T12:05:00.000Z';
  const { ask } = await answering({
    ...storyOf,
    alert_id: 'a1',
    title: 'API errors',
    state: 'resolved',
    opened_at: '2026-03-01T12:00:00.000Z',
    resolved_at: '2026-03-01T13:00:00.000Z',
    events: [],
    deliveries: [
      delivery,
      { ...delivery, next_attempt_at: at },
      { ...delivery, next_attempt_at: at, last_error: 'HTTP 500' },
      { ...delivery, status: 'failed', last_error: 'HTTP 403' },
    ],
  });
  const { stdout } = await ask('show', 'a1');
  expect(stdout).toContain('resolved alert a1 of acme_status, from 2026-03-01 12:00Z to 2026-03-01 13:00Z\n');
  expect(stdout.split('\n').filter((line) => line.startsWith('oncall'))).toEqual([
    'oncall\ttrigger\tpending\t1\tpending',
    'oncall\ttrigger\tpending\t1\tnext attempt at 2026-03-01 12:05Z',
    'oncall\ttrigger\tpending\t1\tnext attempt at 2026-03-01 12:05Z: HTTP 500',
    'oncall\ttrigger\tfailed\t1\tHTTP 403 (dlv_1)',
  ]);
});

const openEvent = {
  ...storyOf,
  event_id: 'e1',
  alert_id: null,
  summary: 'API errors',
  started_at: '2026-03-01T12:00:00.000Z',
  resolved_at: null,
  routing_reason: null,
};

it('show leaves out what an event does not have', async () => {
  const { ask } = await answering(openEvent);
  expect((await ask('show', 'e1', '--event')).stdout).toBe(
    'critical  API errors\nopen event e1 of acme_status, since 2026-03-01 12:00Z\n\nWho was told\nNobody was told.\n',
  );
});

it('show says once that an event was resolved manually', async () => {
  const { ask } = await answering({
    ...openEvent,
    resolved_at: '2026-03-01T13:00:00.000Z',
    history: [
      { at: '2026-03-01T12:00:00.000Z', change: 'reopened', reason: 'it is worse' },
      { at: '2026-03-01T13:00:00.000Z', change: 'resolved', reason: 'resolved manually: The bank has it.' },
    ],
  });
  expect((await ask('show', 'e1', '--event')).stdout).toContain(
    '2026-03-01 12:00Z  reopened: it is worse\n2026-03-01 13:00Z  resolved manually: The bank has it.\n',
  );
});

it('.env is read for the token, where it is there', async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, '.env'), 'API_TOKEN=tok_1\n');
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(folder);
  let sent: string | undefined;
  const url = await startHttpServer((request, response) => {
    sent = request.headers.authorization;
    response.end('{"alerts":[],"next_cursor":null}');
  });
  const env: NodeJS.ProcessEnv = {};
  const io = { env, loadEnvFile: () => void Object.assign(env, { API_TOKEN: 'tok_1' }) };
  await connect(io, url).ask('GET', '/alerts');
  expect(sent).toBe('Bearer tok_1');
});

it.each<[string, unknown, number, string]>([
  ['without a reason', { error: 'sorry' }, 500, 'the service answered with HTTP 500\n'],
  ['of the whole body', { detail: 'no', errors: [{ path: '', message: 'too large' }] }, 400, 'no\n  too large\n'],
])('a refusal %s is told as far as it goes', async (_what, answer, status, stderr) => {
  const { ask } = await answering(answer, status);
  expect(await ask('show', 'e1', '--event')).toMatchObject({ code: 1, stdout: '', stderr });
});

it.each<[string, Readonly<Record<string, string>>]>([
  ['http://127.0.0.1:4321', { PORT: ' 4321 ' }],
  ['http://127.0.0.1:3000', {}],
])('without an address the service is asked at %s when the environment has %j', async (origin, env) => {
  network.use(http.get(`${origin}/alerts`, () => HttpResponse.json({ alerts: [], next_cursor: null })));
  expect(await runCommand(['alerts'], { env })).toMatchObject({ code: 0, stderr: 'No alert is open.\n' });
});
