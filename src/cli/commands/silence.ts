import * as z from 'zod';
import { reportIssues } from '../../domain/rules/issues.ts';
import { silenceRequestSchema } from '../../domain/rules/silence-schema.ts';
import { defineCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import { connect, readAnswer, serviceOptions } from '../service.ts';
import { plain, printJson } from '../text.ts';

const answerSchema = z.object({ id: z.string(), state: z.string(), until: z.string(), stopped: z.array(z.string()) });

/** `page=braze` and `page=spreedly` together are one of the two. @throws {WrongUsage} */
const readWhen = (conditions: readonly string[]): Readonly<Record<string, string | readonly string[]>> => {
  const when = new Map<string, readonly string[]>();
  for (const condition of conditions) {
    const at = condition.indexOf('=');
    const name = condition.slice(0, Math.max(0, at)).trim();
    const value = condition.slice(at + 1).trim();
    if (name === '' || value === '') throw new WrongUsage(`--when is FACT=VALUE, and not ${JSON.stringify(condition)}`);
    when.set(name, [...(when.get(name) ?? []), value]);
  }
  return Object.fromEntries(
    [...when].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
};

/** @throws {WrongUsage} for what no service takes; whether there is such a status page, only the service knows */
const checkSilence = (body: unknown): void => {
  const problems: string[] = [];
  const issues = silenceRequestSchema.safeParse(body).error?.issues ?? [];
  reportIssues(issues, body, ([option], message) => void problems.push(`--${option}: ${message}`));
  if (problems.length > 0) throw new WrongUsage(problems.join('\n'));
};

const required = <T>(value: T | undefined, option: string): T => {
  if (value === undefined) throw new WrongUsage(`${option} is missing`);
  return value;
};

export const silence = defineCommand({
  name: 'silence',
  args: '',
  count: [0, 0],
  about: [
    'Silences the events that match: nobody is told of them until it ends. Then people are told of those still open.',
    'Resolves are always sent. --end ID ends a silence.',
  ],
  options: {
    when: {
      type: 'string',
      multiple: true,
      value: 'FACT=VALUE',
      about: 'Which events: a fact of docs/facts.md, with a value or pattern as in the rules.',
    },
    until: {
      type: 'string',
      value: 'END',
      about: 'A time, a length such as 2h, or resolved: until the alerts that are open end.',
    },
    because: { type: 'string', value: 'TEXT', about: 'Why; it stands in the reasons.' },
    by: { type: 'string', value: 'NAME', about: 'Whose silence it is; your login name, if it is absent.' },
    from: { type: 'string', value: 'TIME', about: 'When it begins; now, if it is absent.' },
    end: { type: 'string', value: 'ID', about: 'End this silence now.' },
    ...serviceOptions,
  },
  examples: ['silence --when page=braze --until 2h --because "Braze moves US-03"', 'silence --end sil_…'],
  async run({ when, until, because, by, from, end, url, json }, _args, io) {
    const isEnd = end !== undefined;
    if (isEnd && (when ?? until ?? because ?? from) !== undefined)
      throw new WrongUsage('--end ends a silence that there is: it goes with no other option');
    const body = isEnd
      ? undefined
      : {
          when: readWhen(required(when, '--when')),
          until: required(until, '--until'),
          because: required(because, '--because'),
          from,
          by: by ?? (io.env.USER || io.env.LOGNAME || undefined),
        };
    if (body) checkSilence(body);
    const service = connect(io, url);
    const answer = isEnd
      ? await service.ask('DELETE', `/silences/${encodeURIComponent(end)}`)
      : await service.ask('POST', '/silences', { json: body });
    if (json) {
      printJson(answer, io);
      return 0;
    }
    const made = readAnswer(answerSchema, answer);
    io.print(
      plain(isEnd ? `Ended the silence ${made.id}.` : `Silenced until ${made.until}: ${made.id} is ${made.state}.`),
    );
    return 0;
  },
});
