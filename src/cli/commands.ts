// All subcommands. A new one is a file in commands/ and a line here. None is loaded before it is asked for.
import type { Command } from './command.ts';

export interface CommandEntry {
  readonly name: string;
  readonly about: string;
  readonly load: () => Promise<Command>;
}

/** What needs no running service. */
export const ownCommands: readonly CommandEntry[] = [
  { name: 'start', about: 'Run the service.', load: async () => (await import('./commands/start.ts')).start },
  {
    name: 'check',
    about: 'Check the environment, the rules and their tests; with --live the status pages and destinations too.',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    name: 'test',
    about: 'Run the tests of a rules file.',
    load: async () => (await import('./commands/test.ts')).test,
  },
  {
    name: 'explain',
    about: "Show what would become of a vendor's payload, and why.",
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  {
    name: 'replay',
    about: 'Play recorded outages, and show what would have been sent.',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  {
    name: 'schema',
    about: 'Print the JSON Schema of the rules file, for editors.',
    load: async () => (await import('./commands/schema.ts')).schema,
  },
  {
    name: 'demo',
    about: 'See it work, without a key or a network.',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
];

/** What asks a running service. */
export const serviceCommands: readonly CommandEntry[] = [
  { name: 'alerts', about: 'List alerts.', load: async () => (await import('./commands/alerts.ts')).alerts },
  { name: 'events', about: 'List events.', load: async () => (await import('./commands/events.ts')).events },
  {
    name: 'show',
    about: 'Show an alert or an event with its history.',
    load: async () => (await import('./commands/show.ts')).show,
  },
  {
    name: 'resolve',
    about: 'Resolve an alert or an event manually.',
    load: async () => (await import('./commands/resolve.ts')).resolve,
  },
  { name: 'retry', about: 'Retry failed deliveries.', load: async () => (await import('./commands/retry.ts')).retry },
  {
    name: 'silence',
    about: 'Silence what matches, for a time.',
    load: async () => (await import('./commands/silence.ts')).silence,
  },
  { name: 'silences', about: 'List silences.', load: async () => (await import('./commands/silences.ts')).silences },
  {
    name: 'send',
    about: 'Sign a Stripe event and send it to the service.',
    load: async () => (await import('./commands/send.ts')).send,
  },
];
