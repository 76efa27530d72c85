import { expect, it, vi } from 'vitest';
import type { Delivery } from '../../../src/domain/delivery.ts';
import type { SendResult } from '../../../src/sinks/destination.ts';
import { createEmail, type EmailOptions, needsTls } from '../../../src/sinks/email/destination.ts';
import { toEmail } from '../../../src/sinks/email/message.ts';
import { secret } from '../../contract/destination.ts';
import { type FakeSmtp, startFakeSmtp } from '../../support/fake-smtp.ts';
import { closedPort } from '../../support/http-server.ts';
import { aDelivery, aMember, anAlert, aRequest, tellable } from '../../support/telling.ts';

const email = (port: number, more: Partial<EmailOptions> = {}) =>
  createEmail({
    name: 'mail',
    reachesPeople: true,
    fallback: null,
    host: '127.0.0.1',
    port,
    secure: false,
    insecure: false,
    user: 'jane',
    password: secret,
    from: 'Vendor signals <signals@example.com>',
    to: ['oncall@example.com', 'lead@example.com'],
    timeoutMs: 2000,
    ...more,
  });

const target = email(25).target;
const trigger = aDelivery({ target, ordinal: 1, status: 'delivered' });
const step = (action: Delivery['action'], reason: Delivery['reason'], ordinal: number, memo?: string) => {
  const delivery = ordinal === 1 ? trigger : aDelivery({ action, reason, target, ordinal });
  const isOver = action === 'resolve' ? ({ state: 'resolved', resolved_at: '2026-03-01T12:42:00.000Z' } as const) : {};
  const deliveries = ordinal === 1 ? [trigger] : [trigger, delivery];
  const members = [aMember({ title: 'Payments are down' }), aMember({ event_id: 'b', title: 'Webhooks' })];
  const alert = anAlert({ title: 'Payments are <down>', source: 'acme_status', members, deliveries, ...isOver });
  const about = tellable(
    { source: 'acme_status', kind: 'incident', summary: 'Payments are down', description: 'We look into "it" & more.' },
    { page_name: 'Acme', status: 'investigating', url: 'https://stspg.io/abc?a=1&b=2' },
  );
  return aRequest({ delivery, alert, about, memo, publicUrl: 'https://ops.test' });
};
const memoOf = (result: SendResult): string | undefined => (result.outcome === 'delivered' ? result.memo : undefined);

const header = (data: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\\r\\n[ \\t].*)*)`, 'im').exec(data)?.[1]?.replaceAll(/\r\n\s+/g, ' ');

const greeting = (command: string) => (command === 'CONNECT' ? '220 fake.test ESMTP' : undefined);
const answering = (fake: FakeSmtp, to: string, line: string): void => {
  fake.answer = (command) => greeting(command) ?? (command.startsWith(to) ? line : undefined);
};

it('the mails of an alert are one thread, also when its title changes', async () => {
  const fake = await startFakeSmtp();
  const memo = memoOf(await email(fake.port).send(step('trigger', 'opened', 1)));
  expect(memo).toBe('[critical] Acme: Payments are <down>');
  const renamed = step('update', 'words', 2, memo);
  await email(fake.port).send({ ...renamed, alert: { ...renamed.alert, title: 'All is down' } });
  await email(fake.port).send(step('resolve', 'ended', 3, memo));

  const [first, ...others] = fake.mails.map(({ data }) => data);
  const root = header(first ?? '', 'Message-ID');
  expect(root).toMatch(/^<alert\.[0-9a-f]{32}@example\.com>$/);
  expect(header(first ?? '', 'Subject')).toBe('[critical] Acme: Payments are <down>');
  expect(header(first ?? '', 'References')).toBeUndefined();
  expect(header(first ?? '', 'Importance')).toBe('high');
  for (const mail of others) {
    expect(header(mail, 'References')).toBe(root);
    expect(header(mail, 'In-Reply-To')).toBe(root);
    expect(header(mail, 'Subject')).toBe('Re: [critical] Acme: Payments are <down>');
    expect(header(mail, 'Message-ID')).not.toBe(root);
  }
  expect(fake.logins).toEqual(Array(3).fill(`\0jane\0${secret}`));
  expect(fake.mails[0]).toMatchObject({ from: 'signals@example.com', to: ['oncall@example.com', 'lead@example.com'] });
  expect(header(first ?? '', 'Auto-Submitted')).toBe('auto-generated');
});

it('the thread begins with the first mail that came, not with one that was refused', () => {
  const [refused, lost] = [{ status: 'failed' } as const, { status: 'superseded', may_have_arrived: true } as const];
  const delivery = aDelivery({ reason: 'louder', target, ordinal: 2 });
  const headersAfter = (first: Partial<Delivery>) =>
    email(587).preview(aRequest({ delivery, alert: anAlert({ deliveries: [{ ...trigger, ...first }, delivery] }) }))
      .headers;
  expect(headersAfter(refused)).toMatchObject({
    Subject: '[critical] Stripe: payout.failed: po_1',
    'Message-ID': expect.stringMatching(/^<alert\./),
  });
  expect(headersAfter(refused)).not.toHaveProperty('References');
  expect(headersAfter(lost)).toMatchObject({
    Subject: 'Re: [critical] Stripe: payout.failed: po_1',
    References: headersAfter(refused)['Message-ID'],
  });
});

it('a repeated attempt is the same mail, for those who look at Message-IDs', async () => {
  const fake = await startFakeSmtp();
  await email(fake.port).send(step('trigger', 'opened', 1));
  await email(fake.port).send(step('trigger', 'opened', 1));
  const [first, second] = fake.mails.map(({ data }) => header(data, 'Message-ID'));
  expect(first).toBe(second);
});

it('says the same in plain text and in HTML, in which nothing of a vendor is markup', () => {
  const { body, headers, url, method } = email(587).preview(step('resolve', 'ended', 2));
  expect({ method, url, to: headers.To }).toEqual({
    method: 'SMTP',
    url: 'smtp://127.0.0.1:587',
    to: 'oncall@example.com, lead@example.com',
  });
  expect(body).toMatchObject({
    text: `Resolved after 42 min.

Vendor: Acme
Severity: critical
Since: 2026-03-01 12:00 UTC
Until: 2026-03-01 12:42 UTC

- Payments are down (over)
- Webhooks (over)

> We look into "it" & more.

Acme status page: https://stspg.io/abc?a=1&b=2
Alert in vendor-signals: https://ops.test/alerts/evt_1
`,
    html: expect.stringContaining('Resolved: Acme: Payments are &lt;down&gt;'),
  });
  expect(JSON.stringify(body)).toContain('https://stspg.io/abc?a=1&amp;b=2');
  expect(JSON.stringify({ body, headers })).not.toContain(secret);
});

it('nothing that a vendor writes looks like a line of ours', () => {
  const forged = 'API\r\nSeverity: info\u2028Alert in vendor-signals: https://evil.test';
  const request = step('trigger', 'opened', 1);
  const about = tellable(
    { source: 'acme_status', kind: 'incident', summary: forged, description: forged },
    {
      page_name: forged,
      group: forged,
      account: forged,
      status: forged,
      components: [forged],
      reason: 'x',
      url: `https://${forged}`,
    },
  );
  const { body } = email(587).preview({ ...request, alert: { ...request.alert, title: forged }, about });
  const text = typeof body === 'object' && body !== null && 'text' in body ? String(body.text) : '';
  expect(text.match(/^(Severity|Alert in vendor-signals): .*/gm)).toEqual([
    'Severity: critical',
    'Alert in vendor-signals: https://ops.test/alerts/evt_1',
  ]);
  expect(body).toMatchObject({ html: expect.stringMatching(/<blockquote[^>]*>API<br>Severity: info/) });
});

it('a line break in a title adds no header', async () => {
  const fake = await startFakeSmtp();
  const request = step('trigger', 'opened', 1);
  await email(fake.port).send({ ...request, alert: { ...request.alert, title: 'Down\r\nBcc: eve@example.com' } });
  expect(header(fake.mails[0]?.data ?? '', 'Bcc')).toBeUndefined();
  expect(fake.mails[0]?.to).toHaveLength(2);
});

// The classes of RFC 5321, and the codes that servers really give at each step.
it.each([
  ['CONNECT', '421 4.7.0 Try again later', 'transient', 421],
  ['AUTH', '535 5.7.8 Authentication credentials invalid', 'permanent', 535],
  ['AUTH', '454 4.7.0 Temporary authentication failure', 'transient', 454],
  ['MAIL FROM', '553 5.7.1 Sender address rejected', 'permanent', 553],
  ['RCPT TO', '550 5.1.1 User unknown', 'permanent', 550],
  ['RCPT TO', '450 4.2.0 Greylisted', 'transient', 450],
  ['DATA', '451 4.3.0 Local error', 'transient', 451],
  ['.', '552 5.3.4 Message too big', 'permanent', 552],
  ['.', '452 4.3.1 Insufficient system storage', 'transient', 452],
])('at %s "%s" is %s', async (command, line, outcome, statusCode) => {
  const fake = await startFakeSmtp();
  fake.answer = (each) => (each.startsWith(command) ? line : greeting(each));
  expect(await email(fake.port).send(step('trigger', 'opened', 1))).toMatchObject({ outcome, statusCode });
});

it('a mail that one of two takes is delivered, and says who did not take it', async () => {
  const fake = await startFakeSmtp();
  let asked = 0;
  fake.answer = (command) => {
    if (command === 'RCPT TO') asked += 1;
    return greeting(command) ?? (command === 'RCPT TO' && asked === 1 ? '550 5.1.1 User unknown' : undefined);
  };
  expect(await email(fake.port).send(step('trigger', 'opened', 1))).toMatchObject({
    outcome: 'delivered',
    refused: 'oncall@example.com: 550 5.1.1 User unknown',
  });
});

it.each([
  ['CONNECT', 'close', 'transient'],
  ['CONNECT', 'silence', 'transient'],
  ['AUTH', 'close', 'transient'],
  ['RCPT TO', 'silence', 'transient'],
  ['DATA', 'close', 'transient'],
  ['DATA', 'silence', 'transient'],
  ['.', 'close', 'unknown'],
  ['.', 'silence', 'unknown'],
] as const)(
  'a server that at %s is gone by %s has the mail only if it had asked for it',
  async (command, what, outcome) => {
    const fake = await startFakeSmtp();
    fake.answer = (each) => (each.startsWith(command) ? what : greeting(each));
    const result = await email(fake.port, { timeoutMs: 300 }).send(step('trigger', 'opened', 1));
    expect(result).toMatchObject({ outcome, statusCode: null });
  },
);

it('a refused connection and an unknown name are transient, for nothing was sent', async () => {
  expect(await email(await closedPort()).send(step('trigger', 'opened', 1))).toMatchObject({ outcome: 'transient' });
  expect(await email(25, { host: 'mail.invalid' }).send(step('trigger', 'opened', 1))).toMatchObject({
    outcome: 'transient',
  });
});

it('the password reaches no error, even when the server echoes it', async () => {
  const fake = await startFakeSmtp();
  const login = Buffer.from(`\0jane\0${secret}`).toString('base64');
  answering(fake, 'AUTH', `535 5.7.8 ${secret} and ${login} are wrong`);
  const result = await email(fake.port).send(step('trigger', 'opened', 1));
  expect(JSON.stringify(result)).not.toContain(secret);
  expect(JSON.stringify(result)).not.toContain(login);
});

it.each([
  ['127.0.0.1', false, false],
  ['localhost', false, false],
  ['smtp.example.com', false, true],
  ['smtp.example.com', true, false],
])('mail to %s, insecure %s, needs TLS: %s', (host, insecure, expected) => {
  expect(needsTls({ host, insecure })).toBe(expected);
});

it('a server without TLS gets no mail where it is needed, and no password', async () => {
  const fake = await startFakeSmtp();
  // A name that leads to the loopback, and does not look like it.
  const result = await email(fake.port, { host: '0.0.0.0' }).send(step('trigger', 'opened', 1));
  expect(result).toMatchObject({ outcome: 'permanent', statusCode: 502 });
  expect(fake.mails).toEqual([]);
  expect(fake.logins).toEqual([]);
});

it('without a user it does not log in', async () => {
  const fake = await startFakeSmtp();
  await email(fake.port, { user: null, password: null }).send(step('trigger', 'opened', 1));
  expect(fake.logins).toEqual([]);
  expect(fake.mails).toHaveLength(1);
});

it('a mail that stands in for another destination says so, and how many events it does not list', () => {
  const failed = aDelivery({ destination: 'pager', target: 'test:pager', status: 'failed' });
  const delivery = aDelivery({ reason: 'fallback', destination: 'mail', target, ordinal: 2 });
  const members = Array.from({ length: 12 }, (_, at) => aMember({ event_id: `c${at}`, title: `Part ${at}` }));
  const about = tellable({ description: null });
  const alert = anAlert({ members, uncounted: 3, deliveries: [failed, delivery] });
  const { body } = email(587).preview(aRequest({ delivery, alert, about }));
  expect(body).toMatchObject({
    text: expect.stringMatching(
      /\nSent here because the destination "pager" did not accept it\.\n[\s\S]*- Part 9\n- and 5 more\n$/,
    ),
    html: expect.stringMatching(
      /Sent here because the destination &quot;pager&quot; did[\s\S]*<li>and 5 more<\/li><\/ul>\n\n\n/,
    ),
  });
});

it('a sender’s address whose domain cannot be told has Message-IDs all the same', () => {
  const { body, headers } = email(587, { from: 'signals@example.com (the robot)' }).preview(
    step('trigger', 'opened', 1),
  );
  expect(JSON.stringify({ body, headers })).not.toContain('undefined');
  expect(toEmail(step('trigger', 'opened', 1), 'signals@example.com (the robot)', undefined).messageId).toMatch(
    /^<alert\.[0-9a-f]{32}@vendor-signals\.invalid>$/,
  );
});

it('a library that cannot be loaded is a failed attempt, and is loaded again for the next one', async () => {
  const fake = await startFakeSmtp();
  vi.resetModules();
  vi.doMock('nodemailer', () => {
    throw new Error(`EMFILE: too many open files, ${secret}`);
  });
  const mail = email(fake.port);
  const failed = await mail.send(step('trigger', 'opened', 1));
  expect(failed).toMatchObject({ outcome: 'transient', statusCode: null, retryAfterMs: null });
  expect(JSON.stringify(failed)).not.toContain(secret);
  expect(fake.mails).toEqual([]);

  vi.doUnmock('nodemailer');
  expect(await mail.send(step('trigger', 'opened', 1))).toMatchObject({ outcome: 'delivered' });
});
