/** What reading a piece of text gave: its value, or what is wrong with it, as a sentence. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });
export const unreadable = (problem: string): Parsed<never> => ({ ok: false, problem });

/** The value of text that the schema has accepted. @throws where nobody has checked it, which is a fault of ours */
export const checked = <T>(what: string, result: Parsed<T>): T => {
  if (!result.ok) throw new Error(`${what} was not checked: ${result.problem}`);
  return result.value;
};
