import { askForEither, eventOption } from '../alert-or-event.ts';
import { defineCommand } from '../command.ts';
import { connect, readAnswer, serviceOptions } from '../service.ts';
import { alertSchema, eventSchema, renderAlert, renderEvent } from '../shown-alert.ts';
import { printJson } from '../text.ts';

export const show = defineCommand({
  name: 'show',
  args: 'ID',
  count: [1, 1],
  about: ['Shows an alert or an event of a running service, with its history and who was told.'],
  options: { event: eventOption, ...serviceOptions },
  examples: ['show evt_1abc', 'show evt_1abc --event'],
  async run({ event = false, url, json }, [id = ''], io) {
    const { kind, answer } = await askForEither(connect(io, url), 'GET', id, { onlyEvent: event });
    if (json) printJson(answer, io);
    else if (kind === 'alert') io.print(renderAlert(readAnswer(alertSchema, answer), io));
    else io.print(renderEvent(readAnswer(eventSchema, answer), io));
    return 0;
  },
});
