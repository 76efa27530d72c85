import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { startApi } from '../support/api.ts';
import { readDescription } from '../support/described.ts';

/** All values in a JSON value, itself included. */
const within = (value: unknown): readonly object[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(within)] : [];

it('every route is described, and every description is of a route', async () => {
  const service = startApi();
  const routes = service.http.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/g, '{}')}`);
  const { operations } = await readDescription(service);
  const described = operations.map(({ name }) => name.replaceAll(/\{\w+\}/g, '{}'));
  expect(described.toSorted()).toEqual([...new Set(routes)].toSorted());
});

it('the description is valid OpenAPI 3.1, of the version that package.json names', async () => {
  const { document } = await readDescription(startApi());
  expect(document).toMatchObject({ openapi: '3.1.1', info: { version: packageJson.version }, servers: [{ url: '/' }] });
  expect(await new Validator().validate(JSON.parse(JSON.stringify(document)))).toEqual({ valid: true });
});

it('every route has one sentence about it, and a tag that is described', async () => {
  const { document, operations } = await readDescription(startApi());
  const tags = document.tags?.map(({ name }) => name);
  for (const { name, summary } of operations) expect(summary, name).toMatch(/^[A-Z].*\.$/);
  expect([...new Set(operations.flatMap((operation) => operation.tags))].toSorted()).toEqual(tags?.toSorted());
});

it('every object that is answered is described whole: no field can come with it that is not named', async () => {
  const { document } = await readDescription(startApi());
  const { paths, components } = document;
  const answers = Object.values(paths ?? {}).flatMap((item) =>
    [item.get, item.post, item.delete].map((operation) => operation?.responses),
  );
  const objects = within([answers, components]).filter((schema) => 'properties' in schema);
  expect(objects.length).toBeGreaterThan(10);
  for (const schema of objects) expect(schema).toMatchObject({ additionalProperties: false });
});

it('every body that is given as an example is one that the route takes', async () => {
  const { document, problemsOf } = await readDescription(startApi());
  const examples = Object.entries(document.paths ?? {}).flatMap(([path, { post }]) => {
    const content = post?.requestBody && 'content' in post.requestBody ? post.requestBody.content : {};
    const [type = '', media] = Object.entries(content)[0] ?? [];
    const keys = ['paths', path, 'post', 'requestBody', 'content', type, 'schema'];
    return media && 'example' in media ? [{ path, keys, example: media.example }] : [];
  });
  expect(examples.map(({ path }) => path)).toContain('/ingest/stripe');
  for (const { path, keys, example } of examples) expect(problemsOf(keys, example), path).toBeNull();
});
