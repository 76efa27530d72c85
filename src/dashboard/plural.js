/**
 * A count with its noun.
 * @param {number} count
 * @param {string} one
 * @param {string} [many] where it is not `one` with an s
 */
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
