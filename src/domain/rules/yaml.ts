// Reading YAML 1.2 so that each value's line and column can be told.
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { Path, Problem } from './problem.ts';

export interface YamlFile {
  /** Plain JSON. */
  readonly tree: unknown;
  /** Where the value at this path stands, or its key; where there is none, the nearest one around it. */
  readonly locate: (path: Path, part?: 'value' | 'key') => { readonly line: number; readonly column: number };
}

const maxChars = 1_048_576;
const maxAliases = 100;

const starMessage = 'text that begins with * must be in quotes';

const messages: Readonly<Record<string, string>> = {
  BAD_ALIAS: starMessage,
  BAD_SCALAR_START: 'text that begins with a character of YAML, such as > | @ % or a backtick, must be in quotes',
  BLOCK_IN_FLOW: 'text that begins with > or | must be in quotes',
  DUPLICATE_KEY: 'this key is given twice',
  MULTIPLE_DOCS: 'the file holds more than one document; take the line with --- out',
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'text that begins with ! must be in quotes',
  UNEXPECTED_TOKEN: 'unexpected text; perhaps a quote, a comma or a bracket is missing',
};

type Locate = YamlFile['locate'];

const startOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

const createLocate = (root: Node | null, lines: LineCounter, resolve: (node: unknown) => unknown): Locate => {
  const step = (node: unknown, key: string | number): { next: unknown; keyStart: number | undefined } | null => {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      if (!pair) return null;
      return { next: pair.value, keyStart: startOf(pair.key) };
    }
    if (!isSeq(node)) return null;
    const item = node.items[Number(key)];
    return item === undefined ? null : { next: item, keyStart: startOf(item) };
  };
  return (path, part = 'value') => {
    let node: unknown = resolve(root);
    let start = startOf(root) ?? 0;
    for (const key of path) {
      const found = step(node, key);
      if (!found) break;
      start = (part === 'value' ? startOf(found.next) : undefined) ?? found.keyStart ?? start;
      node = resolve(found.next);
    }
    const { line, col } = lines.linePos(start);
    return { line, column: col };
  };
};

type Reading = { readonly file: YamlFile } | { readonly problems: readonly Problem[] };

/** Reads the text, or tells all that is wrong with it as YAML. */
export const readYaml = (text: string): Reading => {
  if (text.length > maxChars) return { problems: [{ line: 1, column: 1, message: 'the file is larger than 1 MiB' }] };
  const lines = new LineCounter();
  const document = parseDocument(text, { version: '1.2', lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const problemAt = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col, message };
  };
  const found = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    problemAt(pos[0], messages[code] ?? `this is not YAML: ${message}`),
  );
  const exhausted = document.errors.some(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted) return { problems: [problemAt(0, 'the file is nested too deeply')] };
  visit(document, {
    Alias: (_, node) => {
      if (node.resolve(document) === undefined) found.push(problemAt(startOf(node) ?? 0, starMessage));
    },
  });
  if (found.length > 0) return { problems: found };
  try {
    const tree: unknown = document.toJS({ maxAliasCount: maxAliases });
    const resolve = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
    return { file: { tree, locate: createLocate(document.contents, lines, resolve) } };
  } catch {
    return {
      problems: [{ line: 1, column: 1, message: `the file refers to its own parts more than ${maxAliases} times` }],
    };
  }
};
