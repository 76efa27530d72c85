import * as z from 'zod';
import { severities, sourceSchema } from '../../domain/event.ts';
import { words } from '../../domain/rules/strict.ts';
import { limit, moment } from '../../http/query.ts';
import { defineCommand } from '../command.ts';
import { type Columns, printList } from '../print-list.ts';
import { queryOf } from '../query.ts';
import { connect, readAnswer, serviceOptions } from '../service.ts';
import { printJson, shortTime } from '../text.ts';

const answerSchema = z.object({
  alerts: z.array(
    z.object({
      alert_id: z.string(),
      title: z.string(),
      severity: z.string(),
      state: z.string(),
      source: z.string(),
      opened_at: z.string(),
      event_count: z.number(),
      told_to: z.array(z.string()),
    }),
  ),
  next_cursor: z.string().nullable(),
});

const states = ['open', 'resolved', 'all'] as const;

export const alerts = defineCommand({
  name: 'alerts',
  args: '',
  count: [0, 0],
  about: ['Lists the open alerts of a running service, the newest first.'],
  options: {
    state: {
      type: 'string',
      value: states.join('|'),
      schema: words(states),
      about: 'Which ones; open, if it is absent.',
    },
    severity: {
      type: 'string',
      value: 'SEVERITY',
      schema: words(severities),
      about: 'Only info, warning or critical.',
    },
    source: {
      type: 'string',
      value: 'SOURCE',
      schema: sourceSchema,
      about: 'Only those of one source, such as braze_status.',
    },
    since: {
      type: 'string',
      value: 'TIME',
      schema: moment,
      about: 'Only those that opened since then, in ISO-8601.',
    },
    limit: { type: 'string', value: 'COUNT', schema: limit, about: 'At most so many; 50, if it is absent.' },
    ...serviceOptions,
  },
  examples: ['alerts', 'alerts --state all --source braze_status --json'],
  async run({ state = 'open', severity, source, since, limit, url, json }, _args, io) {
    const query = queryOf({ state: state === 'all' ? undefined : state, severity, source, since, limit });
    const answer = await connect(io, url).ask('GET', `/alerts${query}`);
    if (json) {
      printJson(answer, io);
      return 0;
    }
    const { alerts: found, next_cursor: next } = readAnswer(answerSchema, answer);
    const columns = {
      SEVERITY: (alert) => alert.severity,
      STATE: (alert) => alert.state,
      OPENED: (alert) => shortTime(alert.opened_at),
      SOURCE: (alert) => alert.source,
      EVENTS: (alert) => String(alert.event_count),
      TOLD: (alert) => alert.told_to.join(',') || '-',
      ALERT: (alert) => alert.alert_id,
      TITLE: (alert) => alert.title,
    } satisfies Columns<(typeof found)[number]>;
    const none = state === 'open' ? 'No alert is open.' : 'There is no such alert.';
    printList(found, { columns, none, hasMore: next !== null }, io);
    return 0;
  },
});
