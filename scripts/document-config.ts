// npm run document-config: writes the declared variables into .env.example and docs/configuration.md. A test fails while
// either file says something else.
import { readFile, writeFile } from 'node:fs/promises';
import { parts } from '../src/config/env.ts';
import { writeConfigurationDoc, writeEnvExample } from '../src/config/write-documents.ts';

for (const [name, write] of [
  ['../.env.example', writeEnvExample],
  ['../docs/configuration.md', writeConfigurationDoc],
] as const) {
  const file = new URL(name, import.meta.url);
  await writeFile(file, write(await readFile(file, 'utf8'), parts));
}
