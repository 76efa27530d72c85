// The two files that the declarations are written into, each beside text of its own.
import type { Part } from './declare.ts';
import { renderEnvExample, renderTables } from './render-documents.ts';

const [begin, end] = ['<!-- begin: written from the code -->', '<!-- end: written from the code -->'];

const exampleHead = `# Everything that can be configured, with its default. Copy to .env, which is read when the service starts.
# An empty variable counts as not set. true and false are the only words for a switch.

`;

/** What follows in .env.example is about docker compose, and none of the service's business. */
const composeHeading = '# --- docker compose only ';

/** @param current the file as it is @throws when its mark is gone */
export const writeEnvExample = (current: string, parts: readonly Part<unknown>[]): string => {
  const at = current.indexOf(composeHeading);
  if (at < 0) throw new Error(`.env.example has lost its line "${composeHeading}"`);
  return `${exampleHead}${renderEnvExample(parts)}\n${current.slice(at)}`;
};

/** @param current the file as it is @throws when its marks are gone */
export const writeConfigurationDoc = (current: string, parts: readonly Part<unknown>[]): string => {
  const [from, to] = [current.indexOf(begin), current.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/configuration.md has lost its lines "${begin}" and "${end}"`);
  return `${current.slice(0, from)}${begin}\n\n${renderTables(parts)}\n${current.slice(to)}`;
};
