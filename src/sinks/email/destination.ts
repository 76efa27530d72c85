// E-mail by SMTP.
import { Readable } from 'node:stream';
import type { RequestPreview } from '../../domain/request-preview.ts';
import { isLoopbackHost } from '../../lib/addresses.ts';
import { errorText } from '../../lib/errors.ts';
import type { Destination, SendRequest, SendResult } from '../destination.ts';
import { type Naming, namingOf } from '../naming.ts';
import { safeText } from '../secrets.ts';
import { targetOf } from '../target.ts';
import { type EmailMessage, threadSubjectOf, toEmail } from './message.ts';

export interface EmailOptions extends Naming {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; else STARTTLS. */
  readonly secure: boolean;
  /** Mail may go without TLS, which is otherwise so for loopback addresses only. */
  readonly insecure: boolean;
  readonly user: string | null;
  readonly password: string | null;
  readonly from: string;
  readonly to: readonly string[];
  readonly timeoutMs: number;
}

const usualPerMinute = 30;
/** A vendor's news come in bursts, and nobody wants a mail for each. */
const updateEveryMs = 300_000;

/** Whether mail may be sent without TLS. A certificate that nobody vouches for is as good as none. */
export const needsTls = ({ host, insecure }: Pick<EmailOptions, 'host' | 'insecure'>): boolean =>
  !insecure && !isLoopbackHost(host);

const responseCodeOf = (error: unknown): number | null => {
  const code = typeof error === 'object' && error !== null && 'responseCode' in error ? error.responseCode : null;
  return typeof code === 'number' ? code : null;
};

interface Failure {
  readonly error: unknown;
  /** Whether the server has asked for the mail itself, and may have it: not while looking up, connecting, logging in. */
  readonly isSent: boolean;
  readonly isTimeout: boolean;
}

/** SMTP's own classes: 4xx may be tried again, 5xx may not. https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1 */
const outcomeOf = (statusCode: number | null, isSent: boolean): 'unknown' | 'transient' | 'permanent' => {
  if (statusCode === null) return isSent ? 'unknown' : 'transient';
  return statusCode >= 500 ? 'permanent' : 'transient';
};

const judge = ({ error, isSent, isTimeout }: Failure, timeoutMs: number, secrets: readonly string[]): SendResult => {
  const statusCode = responseCodeOf(error);
  const text = isTimeout ? `no answer within ${timeoutMs} ms` : errorText(error);
  return {
    outcome: outcomeOf(statusCode, isSent),
    statusCode,
    error: safeText(text, secrets),
    retryAfterMs: null,
  };
};

export const createEmail = (options: EmailOptions): Destination => {
  const { host, port, secure, user, password, from, to, timeoutMs } = options;
  const withTls = needsTls(options);
  /** nodemailer is large, and most services send no mail, so it is loaded by the first one. */
  const openTransport = async () => {
    const { createTransport } = await import('nodemailer');
    return createTransport({
      host,
      port,
      secure,
      requireTLS: withTls && !secure,
      tls: { rejectUnauthorized: withTls },
      ...(user !== null && { auth: { user, pass: password ?? '' } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  };
  type Transport = Awaited<ReturnType<typeof openTransport>>;

  const secrets = [
    password,
    password === null || user === null ? null : Buffer.from(`\0${user}\0${password}`).toString('base64'),
    password === null ? null : Buffer.from(password).toString('base64'),
  ].filter((each) => each !== null);

  const headersOf = ({ requestId, delivery }: SendRequest) => ({
    'Auto-Submitted': 'auto-generated',
    'X-Request-Id': requestId,
    ...(delivery.severity === 'critical' && delivery.action !== 'resolve' && { Importance: 'high' }),
  });

  const mailOf = (request: SendRequest): EmailMessage => toEmail(request, from, request.memo);

  const sendBy = async (transport: Transport, request: SendRequest): Promise<SendResult> => {
    const { references, ...mail } = mailOf(request);
    const abort = AbortSignal.timeout(timeoutMs);
    let isSent = false;
    transport.use('stream', ({ message }, done) => {
      // Nothing of the mail is read before the server has asked for it.
      message.processFunc((source) =>
        Readable.from(
          (async function* () {
            isSent = true;
            yield* source;
          })(),
        ),
      );
      done();
    });
    try {
      const sent = await transport.sendMail({
        ...mail,
        from,
        to: [...to],
        ...(references !== undefined && { references, inReplyTo: references }),
        headers: headersOf(request),
        signal: abort,
      });
      const refused = sent.rejectedErrors?.map(({ recipient, response }) => `${recipient}: ${response}`).join(', ');
      return {
        outcome: 'delivered',
        statusCode: Number(sent.response.slice(0, 3)),
        memo: threadSubjectOf(mailOf(request)),
        ...(refused && { refused: safeText(refused, secrets) }),
      };
    } catch (error) {
      return judge({ error, isSent, isTimeout: abort.aborted }, timeoutMs, secrets);
    }
  };

  const send = async (request: SendRequest): Promise<SendResult> => {
    let transport: Transport;
    try {
      transport = await openTransport();
    } catch (error) {
      // Too many open files, for instance; the next attempt loads it again.
      return { outcome: 'transient', statusCode: null, error: safeText(errorText(error), secrets), retryAfterMs: null };
    }
    return sendBy(transport, request);
  };

  return {
    type: 'email',
    ...namingOf(options, usualPerMinute),
    target: targetOf('email', host, ...to.toSorted()),
    showsWords: false,
    hasKeys: false,
    showsRaw: false,
    updateEveryMs,
    preview: (request): RequestPreview => {
      const { text, html, subject, messageId, references } = mailOf(request);
      return {
        method: 'SMTP',
        url: `${secure ? 'smtps' : 'smtp'}://${host}:${port}`,
        headers: {
          From: from,
          To: to.join(', '),
          Subject: subject,
          'Message-ID': messageId,
          ...(references !== undefined && { References: references, 'In-Reply-To': references }),
          ...headersOf(request),
        },
        body: { text, html },
      };
    },
    send,
  };
};
