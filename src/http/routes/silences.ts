import { Hono } from 'hono';
import * as z from 'zod';
import { openMembers } from '../../domain/alert.ts';
import { isoSchema, severities, sourceSchema } from '../../domain/event.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { readSilenceMatch, readSilenceRequest } from '../../domain/rules/silence-request.ts';
import { silenceMatchSchema, silenceRequestSchema } from '../../domain/rules/silence-schema.ts';
import { type When, whenSchema } from '../../domain/rules/when-schema.ts';
import { maxBound, maxSilences, maxStopped } from '../../pipeline/kept-silences.ts';
import type { Created, Expired, Silences } from '../../pipeline/silences.ts';
import { count } from '../delivery-schema.ts';
import { json, jsonBody, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';
import { readJson } from '../read.ts';

const when: z.ZodType<When> = whenSchema;

const silenceSchema = z
  .strictObject({
    id: z.string(),
    origin: z.enum(['api', 'file']).meta({ description: 'Made through this API, or written in the rules file.' }),
    state: z.enum(['planned', 'active', 'expired']),
    when: when.meta({ description: 'Which events it stops.' }),
    from: isoSchema,
    until: z.string().meta({ description: 'A time, or `resolved`: it ends with the alerts that it is bound to.' }),
    by: z.string().nullable(),
    because: z.string(),
    stopped: z
      .array(z.string())
      .readonly()
      .meta({ description: 'The alerts that it stops or has stopped, at most 100, as far as that was seen.' }),
  })
  .readonly()
  .meta({ id: 'Silence', description: 'Stops the triggers and updates of the events that it matches, for a time.' });

const listSchema = z.strictObject({ silences: z.array(silenceSchema).readonly() });

const matchesSchema = z.strictObject({
  alerts: z
    .array(
      z.strictObject({
        alert_id: z.string(),
        title: z.string(),
        source: sourceSchema,
        severity: z.enum(severities),
        open_event_count: count.meta({ description: 'How many of its events have not ended.' }),
        matched_event_count: count.meta({ description: 'How many of those match.' }),
      }),
    )
    .meta({ description: `At most ${maxStopped}.` }),
  alert_count: count.meta({ description: 'How many alerts there are.' }),
});

export type SilenceMatches = z.infer<typeof matchesSchema>;

const example = { when: { page: 'braze' }, until: '2h', by: 'jo', because: 'Braze moves US-03' };

export const silencePaths: Paths = {
  '/silences': {
    get: {
      tags: ['rules'],
      summary: 'List silences, those of the rules file too.',
      description: 'An expired silence stays in the list for 30 days.',
      responses: { 200: json('The silences.', listSchema), ...problems(503) },
    },
    post: {
      tags: ['rules'],
      summary: 'Silence the events that match, for a time.',
      description: 'A silence stops triggers and updates, never a resolve. At its end, what is still open is sent.',
      requestBody: jsonBody(silenceRequestSchema, example),
      responses: { 201: json('The silence.', silenceSchema), ...problems(400, 409, 503) },
    },
  },
  '/silences/matches': {
    post: {
      tags: ['rules'],
      summary: 'List the open alerts that a silence would concern.',
      description: 'Nothing is silenced. Alerts that begin later may match too.',
      requestBody: jsonBody(silenceMatchSchema, { when: example.when }),
      responses: { 200: json('The alerts.', matchesSchema), ...problems(400, 503) },
    },
  },
  '/silences/{id}': {
    delete: {
      tags: ['rules'],
      summary: 'End a silence now.',
      description: 'Events that it held back are sent if they are still open.',
      requestParams: { path: z.object({ id: z.string() }) },
      responses: { 200: json('The silence.', silenceSchema), ...problems(404, 409, 503) },
    },
  },
};

const whyNotCreated: Readonly<Record<Extract<Created, { refused: string }>['refused'], () => Problem>> = {
  no_open_alert: () =>
    new Problem({
      status: 400,
      detail: 'the silence would end with alerts that are open now, and none is open that it matches',
      errors: [{ path: 'until', message: 'no open alert matches' }],
    }),
  too_many: () =>
    new Problem({
      status: 409,
      detail: `more than ${maxBound} open alerts match: silence them for a time, or choose fewer`,
    }),
  full: () =>
    new Problem({
      status: 409,
      detail: `there are ${maxSilences} silences that have not ended: end some of them first`,
    }),
};

const whyNotExpired: Readonly<Record<Extract<Expired, { refused: string }>['refused'], () => Problem>> = {
  unknown: () => new Problem({ status: 404, detail: 'there is no silence with this id' }),
  in_file: () =>
    new Problem({ status: 409, detail: 'this silence is written in the rules file: change or remove it there' }),
};

export interface SilenceRoutesDeps {
  readonly silences: Pick<Silences, 'list' | 'matching' | 'create' | 'expire'>;
  readonly rules: () => Rules;
  /** All status pages that there are. */
  readonly pageNames: () => readonly string[];
  readonly now: () => number;
}

/** `GET`, `POST /silences`, `POST /silences/matches` and `DELETE /silences/{id}`. */
export const silenceRoutes = ({ silences, rules, pageNames, now }: SilenceRoutesDeps) =>
  new Hono<HttpEnv>()
    .get('/silences', async (c) => c.json<z.infer<typeof listSchema>>({ silences: await silences.list() }))
    .post('/silences', async (c) => {
      const body = await readJson(c, z.unknown(), 'JSON');
      const read = readSilenceRequest(body, { rules: rules(), pages: pageNames(), nowMs: now() });
      if ('errors' in read)
        throw new Problem({ status: 400, detail: 'the body is not a silence', errors: read.errors });
      const created = await silences.create(read.silence, c.get('requestId'));
      if ('refused' in created) throw whyNotCreated[created.refused]();
      return c.json<z.infer<typeof silenceSchema>>(created.silence, 201);
    })
    .post('/silences/matches', async (c) => {
      const body = await readJson(c, z.unknown(), 'JSON');
      const read = readSilenceMatch(body, { rules: rules(), pages: pageNames() });
      if ('errors' in read)
        throw new Problem({ status: 400, detail: 'the body has no conditions of a silence', errors: read.errors });
      const found = await silences.matching(read.when);
      return c.json<SilenceMatches>({
        alerts: found.slice(0, maxStopped).map(({ alert, matched }) => ({
          alert_id: alert.alert_id,
          title: alert.title,
          source: alert.source,
          severity: alert.severity,
          open_event_count: openMembers(alert).length,
          matched_event_count: matched,
        })),
        alert_count: found.length,
      });
    })
    .delete('/silences/:id', async (c) => {
      const expired = await silences.expire(c.req.param('id'), c.get('requestId'));
      if ('refused' in expired) throw whyNotExpired[expired.refused]();
      return c.json<z.infer<typeof silenceSchema>>(expired.silence);
    });
