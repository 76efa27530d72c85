// What the driver throws, as errors of the port. None of them tells the password.
import { Client, DatabaseError } from 'pg';
import { errorText, StoreUnavailable, StoreUnusable } from '../../lib/errors.ts';

/**
 * Classes of SQLSTATE that say nothing about the statement: connections, transaction state, authentication, a missing
 * database, conflicts, resources, locks, the operator, the system.
 */
const passingClasses: ReadonlySet<string> = new Set(['08', '25', '28', '3D', '40', '53', '55', '57', '58']);

/**
 * After which the same transaction, decided anew, may well succeed: serialization failure (a row is not what it was when
 * it was read), deadlock, and an event that somebody else stored meanwhile.
 */
const conflicts: ReadonlySet<string> = new Set(['40001', '40P01', '23505']);

/** What is not the server's own error is one of the network, or a timeout. The text is public, the cause is for logs. */
export const asUnavailable = (error: unknown): unknown =>
  error instanceof DatabaseError && !passingClasses.has(String(error.code).slice(0, 2))
    ? error
    : new StoreUnavailable('store_unavailable', 'the database cannot be used now', { cause: error });

export const isConflict = (error: unknown): boolean => {
  const cause = error instanceof StoreUnavailable ? error.cause : error;
  return cause instanceof DatabaseError && conflicts.has(String(cause.code));
};

/**
 * The driver reads the URL at each connection, and the error that it would throw then holds all of it.
 * @throws {StoreUnusable}
 */
export const checkUrl = (url: string): void => {
  try {
    new Client({ connectionString: url });
  } catch (error) {
    throw new StoreUnusable(`the URL of the database cannot be used: ${errorText(error)}`);
  }
};
