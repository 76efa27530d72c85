// How a part of the service declares its variables: what each means, its default, and how it may be shown. The
// declarations are put together in env.ts; .env.example and docs/configuration.md are written from them.
import * as z from 'zod';

/** A variable's text, without white space around it; undefined when it is absent or empty. */
export type Given = Readonly<Record<string, string | undefined>>;

/** What the checks of one part need to know about the others. */
export interface Setup {
  readonly isProduction: boolean;
  /** At least one destination can wake somebody. */
  readonly reachesPeople: boolean;
}

interface Declaration {
  /** Whole sentences, in Markdown that also reads well as a comment. */
  readonly about: string;
  /** The default as text; empty when the variable is not set by default. */
  readonly default: string;
  /** How docs/configuration.md names the default, where that is more than the text. */
  readonly defaultInWords?: string;
  /** The value in .env.example, where that is not the default. */
  readonly example?: string;
  /** The value as it may be logged. To be called when `check` found nothing. */
  describe(text: string | undefined): unknown;
}

export interface About<T> {
  readonly about: string;
  readonly defaultInWords?: string;
  readonly example?: string;
  /** Gives the value as it may be logged: without secrets. By default the value itself. */
  readonly show?: (value: T) => unknown;
}

const declarations = z.registry<Declaration>();

const declare = <T>(schema: z.ZodType<T>, text: string, { show, ...about }: About<T>): void => {
  declarations.add(schema, {
    ...about,
    default: text,
    describe(given) {
      const value = schema.parse(given);
      return show ? show(value) : (value ?? null);
    },
  });
};

/** A variable that has to be set. */
export const required = <T>(schema: z.ZodType<T>, about: About<T>): z.ZodType<T> => {
  declare(schema, '', about);
  return schema;
};

/** A variable that may be left out, and is undefined then. */
export const optional = <S extends z.ZodType>(schema: S, about: About<z.output<S> | undefined>): z.ZodOptional<S> => {
  const whole = z.optional(schema);
  declare(whole, '', about);
  return whole;
};

/** A variable with a default, which is written as the variable itself would be. */
export const withDefault = <S extends z.ZodType>(
  schema: S,
  text: z.input<S> & string,
  about: About<z.output<S>>,
): z.ZodPrefault<S> => {
  const whole = z.prefault(schema, text);
  declare(whole, text, about);
  return whole;
};

export const declarationOf = (schema: z.ZodType): Declaration => {
  const declaration = declarations.get(schema);
  if (declaration === undefined) throw new Error('a variable must be declared by required, optional or withDefault');
  return declaration;
};

interface PartSpec<Shape extends Readonly<Record<string, z.ZodType>>, Settings> {
  readonly title: string;
  /** What all of its variables have in common, as comment lines under the title. */
  readonly about?: string;
  readonly variables: Shape;
  /** Other variables that begin like this are taken for misspelt ones of ours. */
  readonly prefixes?: readonly string[];
  /** What is wrong with variables that are usable each by itself. Every text begins with a variable's name. */
  readonly problems?: (env: z.output<z.ZodObject<Shape>>, setup: Setup) => readonly string[];
  /** What works, but is worth saying. None of it holds a secret. */
  readonly warnings?: (env: z.output<z.ZodObject<Shape>>, setup: Setup) => readonly string[];
  readonly read: (env: z.output<z.ZodObject<Shape>>) => Settings;
  /** Variables whose default follows from others, as they take effect. */
  readonly effective?: (settings: Settings) => Readonly<Record<string, unknown>>;
}

/** The configuration of one part of the service. */
export interface Part<Settings> {
  readonly title: string;
  readonly about: string | undefined;
  readonly variables: Readonly<Record<string, z.ZodType>>;
  readonly prefixes: readonly string[];
  /** Every problem, each beginning with a variable's name. */
  check(given: Given, setup: Setup): readonly string[];
  warnings(given: Given, setup: Setup): readonly string[];
  /** Each variable as it takes effect and may be logged, by name. To be called when `check` found nothing. */
  describe(given: Given): Readonly<Record<string, unknown>>;
  /** To be called when `check` found nothing. */
  read(given: Given): Settings;
}

/** `docker run --env-file` keeps quotes; a shell and .env take them off. */
const isQuoted = (text: string | undefined): boolean => text !== undefined && /^(["']).*\1$/s.test(text);

export const definePart = <Shape extends Readonly<Record<string, z.ZodType>>, Settings>(
  spec: PartSpec<Shape, Settings>,
): Part<Settings> => {
  const schema = z.object(spec.variables);
  return {
    title: spec.title,
    about: spec.about,
    variables: spec.variables,
    prefixes: spec.prefixes ?? [],
    check(given, setup) {
      const quoted = Object.keys(spec.variables).filter((name) => isQuoted(given[name]));
      const { data, error } = schema.safeParse(given);
      const unquoted = error?.issues.filter(({ path }) => !quoted.includes(String(path[0]))) ?? [];
      return [
        ...quoted.map((name) => `${name}: the value is in quotes, which would be part of it: take them off`),
        ...unquoted.map(({ path, message }) => `${path.join('.')}: ${message}`),
        ...(data && quoted.length === 0 ? (spec.problems?.(data, setup) ?? []) : []),
      ];
    },
    warnings: (given, setup) => spec.warnings?.(schema.parse(given), setup) ?? [],
    describe: (given) => ({
      ...Object.fromEntries(
        Object.entries(spec.variables).map(([name, variable]) => [name, declarationOf(variable).describe(given[name])]),
      ),
      ...spec.effective?.(spec.read(schema.parse(given))),
    }),
    read: (given) => spec.read(schema.parse(given)),
  };
};
