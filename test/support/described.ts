// The served description as a judge of answers, by a validator that shares no code with what made it.
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'vitest';
import type { createDocument } from 'zod-openapi';

type Document = ReturnType<typeof createDocument>;

export interface Operation {
  /** `METHOD /path`, parameters in braces. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Whether it needs no token. */
  readonly open: boolean;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly statuses: readonly string[];
}

const operationsOf = ({ paths = {} }: Document): readonly Operation[] =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries({ GET: item.get, POST: item.post, DELETE: item.delete }).flatMap(([method, operation]) => {
      if (!operation) return [];
      const { tags = [], summary = '', security, responses = {} } = operation;
      const open = security?.length === 0;
      return [{ name: `${method} ${path}`, method, path, open, tags, summary, statuses: Object.keys(responses) }];
    }),
  );

const pointer = (keys: readonly string[]): string =>
  `#/${keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;

// Almost every test reads the same document, and that it is one is checked once.
const validators = new Map<string, Ajv2020>();

const validatorOf = (text: string): Ajv2020 => {
  const known = validators.get(text);
  if (known) return known;
  const document: Document = JSON.parse(text);
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  // The keywords of OpenAPI around the schemas are none of a schema.
  ajv.addVocabulary(Object.keys(document));
  ajv.addSchema(document, '');
  validators.set(text, ajv);
  return ajv;
};

/** What the service says of itself, and whether it keeps to it. */
export const readDescription = async ({ request }: { readonly request: (path: string) => Promise<Response> }) => {
  const text = await (await request('/openapi.json')).text();
  const document: Document = JSON.parse(text);
  const operations = operationsOf(document);
  const ajv = validatorOf(text);

  const at = (keys: readonly string[]): unknown =>
    keys.reduce<unknown>((value, key) => new Map(Object.entries(value ?? {})).get(key), document);
  /** The place that is meant: this one, or the one that it refers to. */
  const resolve = (keys: readonly string[]): readonly string[] => {
    const reference = at([...keys, '$ref']);
    return typeof reference === 'string' ? reference.split('/').slice(1) : keys;
  };
  const namesAt = (keys: readonly string[]): readonly string[] => Object.keys(at(keys) ?? {});

  /** What is wrong with a value by the schema at this place of the document; null when nothing is. */
  const problemsOf = (keys: readonly string[], value: unknown): unknown => {
    const validate = ajv.getSchema(pointer(keys));
    if (!validate) throw new Error(`there is no schema at ${keys.join(' ')}`);
    return validate(value) ? null : validate.errors;
  };

  /** Fails unless the status, the headers, the content type and a body in JSON are those that are described. */
  const expectDescribed = async ({ method, path, name, statuses }: Operation, response: Response): Promise<void> => {
    const status = String(response.status);
    expect(statuses, `the answers of ${name}`).toContain(status);
    const answer = resolve(['paths', path, method.toLowerCase(), 'responses', status]);
    for (const header of namesAt([...answer, 'headers'])) {
      if (at([...resolve([...answer, 'headers', header]), 'required']) !== true) continue;
      expect(response.headers.has(header), `${name} ${status} has ${header}`).toBe(true);
    }
    const whole = response.headers.get('content-type') ?? '';
    const type = whole.split(';')[0] ?? '';
    const types = namesAt([...answer, 'content']);
    // A type that is described with parameters is answered with these.
    if (types.length > 0) expect(types, `${name} ${status}`).toContain(types.includes(whole) ? whole : type);
    if (type.endsWith('json')) {
      const body: unknown = JSON.parse(await response.text());
      expect(problemsOf([...answer, 'content', type, 'schema'], body), `${name} ${status}`).toBeNull();
    } else {
      await response.body?.cancel();
    }
  };

  return {
    document,
    operations,
    operation(name: string): Operation {
      const found = operations.find((operation) => operation.name === name);
      if (!found) throw new Error(`${name} is not described`);
      return found;
    },
    problemsOf,
    expectDescribed,
  };
};
