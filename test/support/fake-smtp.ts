// A mail server on the loopback that keeps what it gets: as much of RFC 5321 and of AUTH PLAIN (RFC 4954) as a client needs.
import { createServer, type Socket } from 'node:net';
import { afterEach } from 'vitest';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it came over the wire, dots unstuffed. */
  readonly data: string;
}

export interface FakeSmtp {
  readonly port: number;
  readonly mails: ReceivedMail[];
  readonly logins: string[];
  /** Answers the next commands with this line, or closes the connection; undefined for what it should. */
  answer: (command: string) => string | 'close' | 'silence' | undefined;
}

const closings = new Set<() => Promise<void>>();
afterEach(async () => {
  for (const close of closings) await close();
  closings.clear();
});

const usual = (command: string): string => {
  if (command.startsWith('EHLO')) return '250-fake.test\r\n250-AUTH PLAIN\r\n250 8BITMIME';
  if (command.startsWith('AUTH')) return '235 2.7.0 Authentication successful';
  if (command === 'DATA') return '354 End data with <CR><LF>.<CR><LF>';
  if (command === 'STARTTLS') return '502 5.5.1 Command not implemented';
  if (command === 'QUIT') return '221 2.0.0 Bye';
  return '250 2.0.0 Ok';
};

const address = (line: string): string => /<([^>]*)>/.exec(line)?.[1] ?? '';

const serve = (socket: Socket, fake: FakeSmtp): void => {
  let buffer = '';
  let from = '';
  let to: string[] = [];
  let inData = false;
  const say = (command: string): void => {
    const line = fake.answer(command) ?? usual(command);
    if (line === 'close') socket.destroy();
    else if (line !== 'silence') socket.write(`${line}\r\n`);
    inData = line.startsWith('354');
  };
  const take = (line: string): void => {
    if (line.startsWith('MAIL FROM')) from = address(line);
    if (line.startsWith('RCPT TO')) to = [...to, address(line)];
    if (line.startsWith('AUTH PLAIN ')) fake.logins.push(Buffer.from(line.slice(11), 'base64').toString());
    say(line.replace(/^(MAIL FROM|RCPT TO).*/, '$1'));
  };
  const takeData = (): boolean => {
    const end = buffer.indexOf('\r\n.\r\n');
    if (end < 0) return false;
    const data = buffer.slice(0, end).replaceAll('\r\n..', '\r\n.');
    buffer = buffer.slice(end + 5);
    inData = false;
    const answer = fake.answer('.');
    if (answer === undefined) fake.mails.push({ from, to, data });
    to = [];
    say('.');
    return true;
  };
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    buffer += chunk.toString();
    for (;;) {
      if (inData) {
        if (!takeData()) return;
        continue;
      }
      const end = buffer.indexOf('\r\n');
      if (end < 0) return;
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      take(line);
    }
  });
  say('CONNECT');
};

export const startFakeSmtp = async (): Promise<FakeSmtp> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket, fake);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const fake: FakeSmtp = {
    port: bound !== null && typeof bound === 'object' ? bound.port : 0,
    mails: [],
    logins: [],
    answer: (command) => (command === 'CONNECT' ? '220 fake.test ESMTP' : undefined),
  };
  closings.add(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return fake;
};
