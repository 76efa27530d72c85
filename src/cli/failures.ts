/** The command cannot do what it was asked for, and the message says why. Exit code 1. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** The command was used wrongly. Exit code 2. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage';
}
