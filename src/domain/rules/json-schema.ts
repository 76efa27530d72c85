// The JSON Schema of the rules file, for editors.
import * as z from 'zod';
import { fromFile } from './fields.ts';
import { rulesFileSchema } from './schema.ts';

const file = {
  type: 'object',
  properties: { file: { type: 'string' } },
  required: ['file'],
  additionalProperties: false,
  description: 'the content of a file',
} as const;

/** A value that can come from a file. */
const allowFile = (schema: z.core.JSONSchema.BaseSchema): void => {
  const { description, ...written } = { ...schema };
  for (const key of Object.keys(schema)) delete schema[key];
  Object.assign(schema, { anyOf: [written, file], ...(description === undefined ? {} : { description }) });
};

/** JSON Schema 2020-12 of the file as it is written. */
export const rulesJsonSchema = (): Readonly<Record<string, unknown>> => {
  const { $schema, ...schema } = z.toJSONSchema(rulesFileSchema, {
    target: 'draft-2020-12',
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (fromFile.has(zodSchema)) allowFile(jsonSchema);
    },
  });
  return { $schema, title: 'Rules of vendor-signals', ...schema };
};
