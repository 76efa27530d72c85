// Renders each overlay of deploy/kubernetes and holds it against Kubernetes' own types: a field that does not exist, has
// another type or is missing is an error of tsc. Needs kubectl, and no cluster.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const overlays = join(root, 'deploy', 'kubernetes', 'overlays');

/** `apps/v1` is a module of kubernetes-types by that name; the core group has no name. */
const moduleOf = (apiVersion: string): string =>
  `kubernetes-types/${apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`}`;

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
}

const isManifest = (value: unknown): value is Manifest =>
  typeof value === 'object' && value !== null && 'apiVersion' in value && 'kind' in value;

const render = (overlay: string): readonly Manifest[] => {
  const text = execFileSync('kubectl', ['kustomize', join(overlays, overlay)], { encoding: 'utf8' });
  return parseAllDocuments(text).map((document) => {
    const value: unknown = document.toJS();
    if (!isManifest(value)) throw new Error(`${overlay}: a document is no manifest`);
    return value;
  });
};

/** A module that is right if the manifests are. */
const moduleFor = (manifests: readonly Manifest[]): string =>
  manifests
    .map((manifest, at) => {
      const type = `import('${moduleOf(manifest.apiVersion)}').${manifest.kind}`;
      return `export const manifest${at}: ${type} = ${JSON.stringify(manifest, null, 2)};\n`;
    })
    .join('\n');

// In the checkout, for tsc finds kubernetes-types from there.
const folder = mkdtempSync(join(root, 'node_modules', '.kubernetes-'));
try {
  for (const overlay of readdirSync(overlays)) {
    const manifests = render(overlay);
    writeFileSync(join(folder, `${overlay}.ts`), moduleFor(manifests));
    console.log(`${overlay}: ${manifests.map(({ kind }) => kind).join(', ')}`);
  }
  const flags = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--module',
    'preserve',
    '--moduleResolution',
    'bundler',
    '--types',
    '',
  ];
  const files = readdirSync(folder).map((file) => join(folder, file));
  if (files.length === 0) throw new Error('no overlay was found');
  const { status } = spawnSync(join(root, 'node_modules', '.bin', 'tsc'), [...flags, ...files], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
