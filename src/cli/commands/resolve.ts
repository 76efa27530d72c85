import * as z from 'zod';
import { resolveRequestSchema } from '../../http/resolve-note.ts';
import { askForEither, eventOption } from '../alert-or-event.ts';
import { defineCommand } from '../command.ts';
import { connect, readAnswer, serviceOptions } from '../service.ts';
import { plain, printJson } from '../text.ts';

const alertAnswer = z.object({ resolved: z.array(z.string()), alert: z.object({ title: z.string() }) });
const eventAnswer = z.object({ resolved: z.boolean(), event: z.object({ summary: z.string() }) });

const sentenceOf = (kind: 'alert' | 'event', answer: unknown): string => {
  if (kind === 'event') {
    const { resolved, event } = readAnswer(eventAnswer, answer);
    return resolved ? `Resolved the event "${event.summary}".` : `The event "${event.summary}" was over already.`;
  }
  const { resolved, alert } = readAnswer(alertAnswer, answer);
  const count = resolved.length === 1 ? 'its event' : `its ${resolved.length} events`;
  return `Resolved the alert "${alert.title}" with ${count}.`;
};

export const resolve = defineCommand({
  name: 'resolve',
  args: 'ID',
  count: [1, 1],
  about: [
    'Resolves an alert with all of its events, or one event, manually. Those who were told of the alert are told of its end.',
    'It stays resolved while the vendor still lists it, until it becomes more serious or begins again.',
  ],
  options: {
    note: {
      type: 'string',
      value: 'TEXT',
      schema: resolveRequestSchema.shape.note,
      about: 'Why; it stands in the history.',
    },
    event: eventOption,
    ...serviceOptions,
  },
  examples: ['resolve evt_1abc --note "The bank has it."'],
  async run({ note, event = false, url, json }, [id = ''], io) {
    const body = note === undefined ? undefined : { note };
    const { kind, answer } = await askForEither(connect(io, url), 'POST', id, {
      onlyEvent: event,
      path: '/resolve',
      json: body,
    });
    if (json) printJson(answer, io);
    else io.print(plain(sentenceOf(kind, answer)));
    return 0;
  },
});
