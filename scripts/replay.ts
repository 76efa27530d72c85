// npm run replay -- FILE [--page NAME] [--route-warning]: plays consecutive polls of a status page through the whole
// service, at the times at which they were captured, and prints what PagerDuty would have been told, as a timeline.
// FILE holds one JSON object a line: {"captured_at": "…", "body": …}, `body` being what the page answered.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { replay } from './replay-file.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { page: { type: 'string', default: 'vendor' }, 'route-warning': { type: 'boolean', default: false } },
});
const [file] = positionals;

const column = (text: string, width: number): string => text.padEnd(width);

if (!file) {
  console.error('usage: npm run replay -- FILE [--page NAME] [--route-warning]');
  process.exitCode = 1;
} else {
  try {
    const { steps, open } = await replay(await readFile(file, 'utf8'), {
      page: values.page,
      routeWarning: values['route-warning'],
    });
    for (const { capturedAt, note, changes, pages } of steps) {
      console.log(`${capturedAt}  ${note}`);
      for (const { change, severity, summary, reason } of changes)
        console.log(`    ${column(change, 10)} ${column(severity, 8)} ${summary}${reason ? `  (${reason})` : ''}`);
      for (const { action, summary, dedupKey } of pages)
        console.log(`    PAGE ${column(action, 8)} ${summary}  [${dedupKey}]`);
    }
    const all = steps.flatMap(({ pages }) => pages);
    const count = (action: string) => all.filter((page) => page.action === action).length;
    console.log(`\n${steps.length} polls: ${count('trigger')} pages triggered, ${count('resolve')} resolved.`);
    console.log(open.length === 0 ? 'Nothing is open at the end.' : `Open at the end:\n  ${open.join('\n  ')}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
