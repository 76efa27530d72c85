import { fileURLToPath } from 'node:url';
import { checkBoundaries } from './boundaries/check.ts';
import { boundaries } from './boundaries/table.ts';

const { files, problems } = checkBoundaries(fileURLToPath(new URL('..', import.meta.url)), boundaries);
for (const problem of problems) console.error(problem);
console.log(`boundaries: ${files} files read, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
