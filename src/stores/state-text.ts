// Small states as texts of JSON, the same for every backend.

/** A state that is undefined is kept as null. */
export const toStateText = (state: unknown): string => JSON.stringify(state) ?? 'null';

/** @param text undefined where nothing is stored under the key */
export const parseState = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text));
