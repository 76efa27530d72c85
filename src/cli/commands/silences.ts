import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { connect, readAnswer, serviceOptions } from '../service.ts';
import { printJson, renderTable, shortTime } from '../text.ts';

const answerSchema = z.object({
  silences: z.array(
    z.object({
      id: z.string(),
      origin: z.string(),
      state: z.string(),
      when: z.record(z.string(), z.unknown()),
      from: z.string(),
      until: z.string(),
      by: z.string().nullable(),
      because: z.string(),
      stopped: z.array(z.string()),
    }),
  ),
});

const whenText = (when: Readonly<Record<string, unknown>>): string =>
  Object.entries(when)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join('|') : String(value)}`)
    .join(' ');

export const silences = defineCommand({
  name: 'silences',
  args: '',
  count: [0, 0],
  about: ['Lists the silences of a running service that are planned or active, those of its rules file too.'],
  options: { all: { type: 'boolean', about: 'Those that have ended, too.' }, ...serviceOptions },
  examples: ['silences', 'silences --all'],
  async run({ all = false, url, json }, _args, io) {
    const answer = await connect(io, url).ask('GET', '/silences');
    if (json) {
      printJson(answer, io);
      return 0;
    }
    const { silences: listed } = readAnswer(answerSchema, answer);
    const found = listed.filter(({ state }) => all || state !== 'expired');
    const rows = found.map((each) => [
      each.state,
      each.id,
      whenText(each.when),
      shortTime(each.from),
      each.until === 'resolved' ? each.until : shortTime(each.until),
      each.by ?? '-',
      String(each.stopped.length),
      each.because,
    ]);
    const header = ['STATE', 'SILENCE', 'WHEN', 'FROM', 'UNTIL', 'BY', 'STOPPED', 'BECAUSE'];
    if (rows.length > 0) io.print(renderTable(header, rows, io));
    else io.complain('There is no silence.');
    return 0;
  },
});
