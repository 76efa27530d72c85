import * as z from 'zod';
import { defineCommand } from '../command.ts';
import { type Columns, printList } from '../print-list.ts';
import { connect, readAnswer, serviceOptions } from '../service.ts';
import { printJson, shortTime } from '../text.ts';

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
    const columns = {
      STATE: (each) => each.state,
      SILENCE: (each) => each.id,
      WHEN: (each) => whenText(each.when),
      FROM: (each) => shortTime(each.from),
      UNTIL: (each) => (each.until === 'resolved' ? each.until : shortTime(each.until)),
      BY: (each) => each.by ?? '-',
      STOPPED: (each) => String(each.stopped.length),
      BECAUSE: (each) => each.because,
    } satisfies Columns<(typeof found)[number]>;
    printList(found, { columns, none: 'There is no silence.' }, io);
    return 0;
  },
});
