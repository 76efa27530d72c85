import type { CommandSpec, OptionSpec, OptionSpecs } from './command-spec.ts';

type Described = Pick<CommandSpec<OptionSpecs>, 'name' | 'args' | 'about' | 'examples'>;

const flagOf = (name: string, { type, value = 'VALUE' }: OptionSpec): string =>
  type === 'boolean' ? `--${name}` : `--${name} ${value}`;

/** Rows of two columns, indented. */
export const twoColumns = (rows: readonly (readonly [string, string])[]): readonly string[] => {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`.trimEnd());
};

/** The help of a subcommand. */
export const renderHelp = ({ name, args, about, examples }: Described, options: OptionSpecs): string => {
  const rows = Object.entries(options).map(
    ([option, spec]) => [flagOf(option, spec), `${spec.about}${spec.multiple ? ' May be repeated.' : ''}`] as const,
  );
  return [
    `Usage: vendor-signals ${[name, args, '[options]'].filter(Boolean).join(' ')}`,
    '',
    ...about,
    '',
    'Options:',
    ...twoColumns(rows),
    '',
    examples.length === 1 ? 'Example:' : 'Examples:',
    ...examples.map((example) => `  vendor-signals ${example}`),
  ].join('\n');
};
