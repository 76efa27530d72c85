// Writes down the variables as .env.example and as the table of docs/configuration.md.
import { declarationOf, type Part } from './declare.ts';

const maxColumns = 120;

/** The text as comment lines. */
const asComment = (text: string): readonly string[] => {
  const lines: string[] = [];
  let line = '#';
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > maxColumns) {
      lines.push(line);
      line = '#';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
};

const plain = (markdown: string): string => markdown.replaceAll('`', '');

const heading = (title: string): string => `# --- ${title} `.padEnd(maxColumns, '-');

/** The variables as a file for .env: each with a comment, and set to what it is by default. */
export const renderEnvExample = (parts: readonly Part<unknown>[]): string =>
  parts
    .map(({ title, about, variables }) => [
      heading(title),
      ...(about === undefined ? [] : asComment(plain(about))),
      ...Object.entries(variables).flatMap(([name, schema]) => {
        const declared = declarationOf(schema);
        const { defaultInWords: words } = declared;
        const byDefault = words === undefined ? '' : words === 'required' ? ' Required.' : ` Default: ${words}.`;
        return [
          ...asComment(plain(`${declared.about}${byDefault}`)),
          `${name}=${declared.example ?? declared.default}`,
        ];
      }),
    ])
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');

const code = (text: string): string => (text === '' ? '–' : `\`${text}\``);

/** The variables as Markdown: a heading and a table for each part. */
export const renderTables = (parts: readonly Part<unknown>[]): string =>
  parts
    .map(({ title, about, variables }) => {
      const rows = Object.entries(variables).map(([name, schema]) => {
        const declared = declarationOf(schema);
        return `| \`${name}\` | ${declared.defaultInWords ?? code(declared.default)} | ${declared.about} |`;
      });
      const table = ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
      return `## ${title}\n\n${about === undefined ? '' : `${about}\n\n`}${table}\n`;
    })
    .join('\n');
