import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const readText = (path: string): Promise<string> => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const read = async (path: string): Promise<Record<string, Record<string, object>>> =>
  parse(await readText(path), { merge: true });

const composeFiles = ['docker-compose.yml', 'docker-compose.cluster.yml', 'deploy/compose/service.yml'];

/** Images that somebody else made. */
const imagesIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\s*(?:FROM|image:) (\S+)$/gm)]
    .map(([, image]) => image ?? '')
    .filter((image) => image !== 'vendor-signals');

it.each(['Dockerfile', ...composeFiles])('every foreign image in %s is named by its digest', async (path) => {
  const images = imagesIn(await readText(path));
  expect(images.filter((image) => !/:[\w.-]+@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
  if (path === 'Dockerfile') expect(images).toHaveLength(1);
});

it('the image has the Node that the tests have', async () => {
  const { devDependencies }: { devDependencies: { node: string } } = JSON.parse(await readText('package.json'));
  expect(await readText('Dockerfile')).toContain(`FROM node:${devDependencies.node}-slim@`);
});

it.each(composeFiles)('no variable in %s has a password for its default', async (path) => {
  expect(await readText(path)).not.toMatch(/\$\{\w*(PASSWORD|SECRET|TOKEN|KEY)\w*:?-/);
});

it('the cluster does not start without a password for its database', async () => {
  const text = await readText('docker-compose.cluster.yml');
  const uses = text.match(/\$\{POSTGRES_PASSWORD[^}]*\}/g) ?? [];
  expect(uses.length).toBeGreaterThan(1);
  expect(uses.filter((use) => !use.startsWith('${POSTGRES_PASSWORD:?'))).toEqual([]);
});

it.each(composeFiles)('every container in %s has a bound on its memory and its processes', async (path) => {
  const { services = {} } = await read(path);
  expect(Object.keys(services)).not.toEqual([]);
  for (const service of Object.values(services)) {
    if ('extends' in service) expect(service.extends).toMatchObject({ file: 'deploy/compose/service.yml' });
    else expect(service).toMatchObject({ mem_limit: expect.any(String), pids_limit: expect.any(Number) });
  }
});

it('a container of the service writes nowhere but to its volumes, and has no rights', async () => {
  const { services } = await read('deploy/compose/service.yml');
  expect(services?.['vendor-signals']).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
});

it('the load balancer starts without a replica, and finds one that was made anew', async () => {
  const text = await readText('deploy/haproxy.cfg');
  expect(text).toMatch(/^resolvers docker\n\s+nameserver \S+ 127\.0\.0\.11:53$/m);
  expect(text).toMatch(/^\s+default-server .*\bresolvers docker init-addr libc,none$/m);
});

it('the load balancer sends again what a replica did not answer, but no change that would count twice', async () => {
  const text = await readText('deploy/haproxy.cfg');
  expect(text).toMatch(/^\s+retry-on conn-failure empty-response$/m);
  expect(text).toMatch(/^\s+http-request disable-l7-retry unless METH_GET or \{ path_sub \/ingest\/ \}$/m);
});

it('the image is unhealthy, and the load balancer sends nothing, when a service is not ready', async () => {
  expect(await readText('Dockerfile')).toContain('CMD ["node", "deploy/health-check.ts"]');
  expect(await readText('deploy/health-check.ts')).toContain('/readyz');
  expect(await readText('deploy/haproxy.cfg')).toMatch(
    /http-check send meth GET uri \/readyz .*\n\s*http-check expect status 200/,
  );
});
