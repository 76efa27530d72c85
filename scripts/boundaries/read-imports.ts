// The imports of one file, as a parser sees them: `import`, `export … from`, `import()`, and each of them for types.
import { parseSync, Visitor } from 'oxc-parser';

export interface Imports {
  readonly specifiers: readonly string[];
  /** What cannot be read: a syntax error, or an import whose target is computed. */
  readonly problems: readonly string[];
}

interface Source {
  readonly type: string;
  readonly value?: unknown;
}

export const readImports = (file: string, text: string): Imports => {
  const { program, errors } = parseSync(file, text, { sourceType: 'module' });
  if (errors.length > 0) return { specifiers: [], problems: errors.map(({ message }) => `does not parse: ${message}`) };
  const specifiers: string[] = [];
  const problems: string[] = [];
  const add = (source: Source | null): void => {
    if (typeof source?.value === 'string') specifiers.push(source.value);
    else if (source) problems.push('imports something that is computed');
  };
  new Visitor({
    ImportDeclaration: ({ source }) => add(source),
    ExportNamedDeclaration: ({ source }) => add(source),
    ExportAllDeclaration: ({ source }) => add(source),
    ImportExpression: ({ source }) => add(source),
    TSImportType: ({ source }) => add(source),
  }).visit(program);
  return { specifiers, problems };
};
