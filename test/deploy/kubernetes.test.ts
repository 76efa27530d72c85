// The files as they are written. scripts/check-kubernetes.ts holds what becomes of them against Kubernetes' own types.
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const read = async (path: string): Promise<unknown> =>
  parse(await readFile(new URL(`../../deploy/kubernetes/${path}`, import.meta.url), 'utf8'));

const labels = { 'app.kubernetes.io/name': 'vendor-signals' };
const container = (fields: object) => ({
  spec: { template: { spec: { containers: [expect.objectContaining(fields)] } } },
});

it('a pod lives by /healthz and is ready by /readyz', async () => {
  const probe = (path: string) => expect.objectContaining({ httpGet: { path, port: 'http' } });
  expect(await read('base/deployment.yaml')).toMatchObject(
    container({
      startupProbe: probe('/healthz'),
      livenessProbe: probe('/healthz'),
      readinessProbe: probe('/readyz'),
      ports: [{ name: 'http', containerPort: 3000 }],
    }),
  );
});

it('a pod runs as nobody in particular, can write nowhere but to its volumes, and has a bound on its memory', async () => {
  const deployment = await read('base/deployment.yaml');
  expect(deployment).toMatchObject({
    spec: { template: { spec: { automountServiceAccountToken: false, securityContext: { runAsNonRoot: true } } } },
  });
  expect(deployment).toMatchObject(
    container({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      },
      resources: expect.objectContaining({ limits: { memory: '512Mi' } }),
    }),
  );
});

it('a pod has time to end: longer than what it sleeps before SIGTERM and the grace that it is given after it', async () => {
  const deployment = await read('base/deployment.yaml');
  expect(deployment).toMatchObject(container({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }));
  expect(deployment).toMatchObject({ spec: { template: { spec: { terminationGracePeriodSeconds: 30 } } } });
  expect(await read('base/kustomization.yaml')).toMatchObject({
    configMapGenerator: [{ literals: expect.arrayContaining(['SHUTDOWN_GRACE_SECONDS=10']) }],
  });
});

it('on SQLite the old pod ends before the new one starts, and both use one volume', async () => {
  const deployment = await read('overlays/sqlite/deployment.yaml');
  expect(deployment).toMatchObject({ spec: { replicas: 1, strategy: { type: 'Recreate' } } });
  expect(deployment).toMatchObject(container({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }));
  expect(await read('overlays/sqlite/kustomization.yaml')).toMatchObject({
    configMapGenerator: [{ behavior: 'merge', literals: ['STORE_URL=sqlite:/data/events.db'] }],
  });
  expect(await read('overlays/sqlite/volume-claim.yaml')).toMatchObject({ spec: { accessModes: ['ReadWriteOnce'] } });
});

it('on PostgreSQL there are two pods, one of which always stays, and none starts without the address of its database', async () => {
  const deployment = await read('overlays/postgres/deployment.yaml');
  expect(deployment).toMatchObject({
    spec: { replicas: 2, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } } },
  });
  expect(deployment).toMatchObject(
    container({
      env: [{ name: 'STORE_URL', valueFrom: { secretKeyRef: { name: 'vendor-signals', key: 'STORE_URL' } } }],
    }),
  );
  // Without a selector it would stand for every pod of the name space.
  expect(await read('overlays/postgres/disruption-budget.yaml')).toMatchObject({
    spec: { minAvailable: 1, selector: { matchLabels: labels } },
  });
});
