// Asks a running service. If it refuses, or is not there, the command fails and says so.
import * as z from 'zod';
import { readEnvFile } from '../config/env-file.ts';
import { apiToken } from '../http/access/config.ts';
import { ConfigError, errorText } from '../lib/errors.ts';
import { parseHttpUrl } from '../lib/http-url.ts';
import { cut } from '../lib/text.ts';
import type { OptionSpecs } from './command-spec.ts';
import { readOrFail } from './configuration.ts';
import { CommandFailed, WrongUsage } from './failures.ts';
import type { Io } from './io.ts';
import { plain } from './text.ts';

/** The options of every command that asks a running service. */
export const serviceOptions = {
  url: {
    type: 'string',
    value: 'URL',
    about: 'Where the service is; else VENDOR_SIGNALS_URL, else this machine and PORT.',
  },
  json: { type: 'boolean', about: 'Print the answer as JSON.' },
} as const satisfies OptionSpecs;

/** The service has answered with a problem. */
export class ServiceRefused extends CommandFailed {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Service {
  /** Rejects with `CommandFailed` when it cannot be reached, and with `ServiceRefused`. */
  ask(method: 'GET' | 'POST' | 'DELETE', path: string, init?: ServiceInit): Promise<unknown>;
}

interface ServiceInit {
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const timeoutMs = 30_000;

const problemSchema = z.object({
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
});

/** A problem of the API in lines, or null for what is none. */
export const problemText = (answer: unknown): string | null => {
  const { data } = problemSchema.safeParse(answer);
  if (!data) return null;
  const lines = data.errors.map(({ path, message }) => `  ${path ? `${path}: ` : ''}${message}`);
  return [data.detail, ...lines].map(plain).join('\n');
};

const rootOf = ({ env }: Pick<Io, 'env'>, given: string | undefined): string => {
  const text = given ?? (env.VENDOR_SIGNALS_URL?.trim() || `http://127.0.0.1:${env.PORT?.trim() || 3000}`);
  const url = parseHttpUrl(text);
  if (!url) throw new WrongUsage('the address of the service must be a URL such as https://signals.example.com');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
};

const parse = (text: string, root: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailed(`the program at ${root} is not vendor-signals: its answer is not JSON`);
  }
};

const redirected = (root: string, location: string): string =>
  plain(
    `${root} redirects to ${cut(location, 500)}: --url or VENDOR_SIGNALS_URL has to name the address of the service itself`,
  );

const refusal = (status: number, answer: unknown): ServiceRefused => {
  const hint = status === 401 ? '\nSet API_TOKEN, in the environment or in .env, to the one of the service.' : '';
  return new ServiceRefused(status, `${problemText(answer) ?? `the service answered with HTTP ${status}`}${hint}`);
};

/** Checked here, because fetch would print a token that no header can carry. @throws {ConfigError} */
const readToken = ({ env }: Pick<Io, 'env'>): string | undefined => {
  const { data, error } = apiToken.optional().safeParse(env.API_TOKEN?.trim() || undefined);
  if (error) throw new ConfigError(error.issues.map(({ message }) => `API_TOKEN: ${message}`));
  return data;
};

/**
 * Also reads `.env`, which may hold the token.
 * @throws {WrongUsage} for an address that is none
 * @throws {CommandFailed}
 */
export const connect = (io: Pick<Io, 'env' | 'loadEnvFile'>, url: string | undefined): Service => {
  readOrFail(() => readEnvFile(io));
  const root = rootOf(io, url);
  const token = readOrFail(() => readToken(io));
  return {
    async ask(method, path, { json, body, headers } = {}) {
      const sent = json === undefined ? body : JSON.stringify(json);
      let answered: { readonly response: Response; readonly text: string };
      try {
        const response = await fetch(`${root}${path}`, {
          method,
          headers: {
            accept: 'application/json',
            ...(sent !== undefined && { 'content-type': 'application/json' }),
            ...(token && { authorization: `Bearer ${token}` }),
            ...headers,
          },
          ...(sent !== undefined && { body: sent }),
          // Followed, it would lose the token, and a POST might become a GET.
          redirect: 'manual',
          signal: AbortSignal.timeout(timeoutMs),
        });
        answered = { response, text: await response.text() };
      } catch (error) {
        const hint = 'Is it running there? --url or VENDOR_SIGNALS_URL names another address.';
        throw new CommandFailed(`the service at ${root} cannot be reached: ${errorText(error)}\n${hint}`, {
          cause: error,
        });
      }
      const { response, text } = answered;
      const location = response.headers.get('location');
      if (location !== null) throw new CommandFailed(redirected(root, location));
      const answer = parse(text, root);
      if (!response.ok) throw refusal(response.status, answer);
      return answer;
    },
  };
};

/** An answer of the service, as far as the command shows it. @throws {CommandFailed} when it is another one */
export const readAnswer = <T>(schema: z.ZodType<T>, answer: unknown): T => {
  const { data, success } = schema.safeParse(answer);
  if (!success) throw new CommandFailed('this version of the command does not know such an answer; --json prints it');
  return data;
};
