import * as z from 'zod';
import { kinds, severities } from '../../domain/event.ts';
import { words } from '../../domain/rules/strict.ts';
import { limit, moment } from '../../http/query.ts';
import { defineCommand } from '../command.ts';
import { type Columns, printList } from '../print-list.ts';
import { queryOf } from '../query.ts';
import { connect, readAnswer, serviceOptions } from '../service.ts';
import { printJson, shortTime } from '../text.ts';

const states = ['open', 'resolved'] as const;

const answerSchema = z.object({
  events: z.array(
    z.object({
      event_id: z.string(),
      severity: z.string(),
      state: z.string(),
      source: z.string(),
      summary: z.string(),
      first_seen_at: z.string(),
      delivered_to: z.array(z.string()),
    }),
  ),
  next_cursor: z.string().nullable(),
});

export const events = defineCommand({
  name: 'events',
  args: '[WORDS]',
  count: [0, 1],
  about: ['Lists the events of a running service, the newest first; with WORDS those that hold them.'],
  options: {
    state: {
      type: 'string',
      value: states.join('|'),
      schema: words(states),
      about: 'Only those that are open, or resolved.',
    },
    severity: {
      type: 'string',
      value: 'SEVERITY',
      schema: words(severities),
      about: 'Only info, warning or critical.',
    },
    source: { type: 'string', value: 'SOURCE', about: 'Only those of one source, such as stripe.' },
    service: { type: 'string', value: 'NAME', about: 'Only those of one service, such as "REST API".' },
    kind: { type: 'string', value: 'KIND', schema: words(kinds), about: 'Only incident, status or payment.' },
    alert: { type: 'string', value: 'ID', about: 'Only those of one alert.' },
    since: {
      type: 'string',
      value: 'TIME',
      schema: moment,
      about: 'Only those first seen since then, in ISO-8601.',
    },
    until: { type: 'string', value: 'TIME', schema: moment, about: 'Only those first seen before then.' },
    limit: { type: 'string', value: 'COUNT', schema: limit, about: 'At most so many; 50, if it is absent.' },
    ...serviceOptions,
  },
  examples: ['events --state open', 'events payout --severity critical --json'],
  async run({ alert, url, json, ...filters }, [words], io) {
    const query = queryOf({ ...filters, alert_id: alert, q: words, raw: json ? undefined : 'none' });
    const answer = await connect(io, url).ask('GET', `/events${query}`);
    if (json) {
      printJson(answer, io);
      return 0;
    }
    const { events: found, next_cursor: next } = readAnswer(answerSchema, answer);
    const columns = {
      SEVERITY: (event) => event.severity,
      STATE: (event) => event.state,
      'FIRST SEEN': (event) => shortTime(event.first_seen_at),
      SOURCE: (event) => event.source,
      TOLD: (event) => event.delivered_to.join(',') || '-',
      EVENT: (event) => event.event_id,
      SUMMARY: (event) => event.summary,
    } satisfies Columns<(typeof found)[number]>;
    printList(found, { columns, none: 'There is no such event.', hasMore: next !== null }, io);
    return 0;
  },
});
