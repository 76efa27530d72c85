import { Hono } from 'hono';
import * as z from 'zod';
import { isoSchema } from '../../domain/event.ts';
import { json, type Paths } from '../describe.ts';
import type { HttpEnv } from '../env.ts';

const problemSchema = z.strictObject({ line: z.int(), column: z.int(), message: z.string() }).readonly();

const rulesSchema = z
  .strictObject({
    file: z.string().nullable().meta({ description: 'Null: there is no file, and the environment gives the rules.' }),
    hash: z.string().nullable().meta({ description: 'SHA-256 of the file whose rules are in effect.' }),
    loaded_at: isoSchema.nullable(),
    last_load: z
      .strictObject({ ok: z.boolean(), at: isoSchema, problems: z.array(problemSchema).readonly() })
      .readonly()
      .nullable()
      .meta({ description: 'The newest load, which may have been refused.' }),
    rules: z.unknown().meta({ description: 'The rules in effect, each secret shown as "set".' }),
  })
  .readonly();

/** What is known of the rules; config/file.ts gives it of a file, and config/rules-report.ts without one. */
export interface RulesState {
  report(): z.infer<typeof rulesSchema>;
}

export const rulesPaths: Paths = {
  '/rules': {
    get: {
      tags: ['rules'],
      summary: 'Show the rules in effect, and how the newest load of the file went.',
      responses: { 200: json('The rules.', rulesSchema) },
    },
  },
};

/** `GET /rules`. */
export const rulesRoutes = (state: RulesState) =>
  new Hono<HttpEnv>().get('/rules', (c) => c.json<z.infer<typeof rulesSchema>>(state.report()));
