import type * as z from 'zod';
import { counted } from '../../lib/counted.ts';
import type { ExitCode, Io } from '../io.ts';
import { renderTimeline } from '../replay/render-timeline.ts';
import { colored, styled } from '../text.ts';
import { eventsSchema, expected, receivedSchema } from './answers.ts';
import { playOutage } from './outage.ts';
import { type DemoService, demoSecret, startDemoService } from './service.ts';

type Expect = (what: string, actual: unknown, wanted: unknown) => void;
type DemoEvent = z.infer<typeof eventsSchema>['events'][number];

const createExpect = (): { readonly problems: string[]; readonly expect: Expect } => {
  const problems: string[] = [];
  const expect: Expect = (what, actual, wanted) => {
    if (JSON.stringify(actual) === JSON.stringify(wanted)) return;
    problems.push(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(actual)}`);
  };
  return { problems, expect };
};

const nameWidth = 15;

const showIncoming = async (service: DemoService, expect: Expect, io: Io): Promise<void> => {
  for (const name of ['payout_failed', 'payment_failed', 'payout_failed']) {
    const answer = await service.postFixture(name, io.now());
    io.print(`  POST /ingest/stripe       ${name.padEnd(nameWidth)} -> ${JSON.stringify(answer)}`);
  }
  for (const [what, wanted] of [
    ['the first pull', expected.firstPull],
    ['the second pull', expected.secondPull],
  ] as const) {
    const answer = await service.ask('POST', '/ingest/pull-status');
    io.print(`  POST /ingest/pull-status  -> ${JSON.stringify(answer)}`);
    expect(what, answer, wanted);
  }
};

const showEvents = (events: readonly DemoEvent[], io: Io): void => {
  for (const { severity, source, summary, seen_count: count, event_id: id } of events) {
    io.print(`  ${colored(severity.padEnd(8), io)} ${source.padEnd(nameWidth)} ${summary}`);
    io.print(`           seen ${counted(count, 'time')}, kept once as ${id}`);
  }
};

const showTold = (events: readonly DemoEvent[], received: number, io: Io): void => {
  for (const { summary, delivered_to: to, routing_reason: reason } of events) {
    io.print(`  ${summary}: ${to.length > 0 ? `told through ${to.join(', ')}` : 'nobody was told'}`);
    io.print(`           ${reason}`);
  }
  const duplicates = events.reduce((sum, event) => sum + event.seen_count - 1, 0);
  io.print(
    `\n  ${events.length} events, ${received} notifications, ${duplicates} duplicates of which nobody was told.`,
  );
};

const goOnHere = (url: string): readonly string[] => [
  '\nGo on (stop with Ctrl-C):\n',
  `  open ${url}/ in a browser`,
  `  npx vendor-signals alerts --url ${url}`,
  `  npx vendor-signals show evt_1abc --url ${url}`,
  `  STRIPE_WEBHOOK_SECRET=${demoSecret} npx vendor-signals send fixtures/stripe/payout_failed.json --url ${url}`,
  '',
];

const goOnElsewhere: readonly string[] = [
  '\nGo on:\n',
  '  npm run demo -- --keep                 leaves this service running, and prints its address',
  '  cp .env.example .env && npm start      runs your own, at http://127.0.0.1:3000/',
  '',
];

const untilStopped = (stopped: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (stopped.aborted) resolve();
    stopped.addEventListener('abort', () => resolve(), { once: true });
  });

const title = (text: string, io: Io): void => io.print(`\n${styled('bold', text, io)}\n`);

const showService = async (service: DemoService, expect: Expect, io: Io): Promise<void> => {
  io.print(`\nA service listens at ${service.url}, keeps events in memory, and tells its own mock of PagerDuty.`);
  title('1. What came in? Signed Stripe webhooks (one of them twice), and two status pages (read twice)', io);
  await showIncoming(service, expect, io);
  await service.idle();
  const { events } = eventsSchema.parse(await service.ask('GET', '/events'));
  const { received } = receivedSchema.parse(await service.ask('GET', '/destinations/pagerduty'));
  const oldestFirst = events.toReversed();
  title('2. What did it become? One schema, each event once', io);
  showEvents(oldestFirst, io);
  title('3. Who was told, and why?', io);
  showTold(oldestFirst, received.length, io);
  expect('the events', events.map(({ event_id: id }) => id).toSorted(), expected.events);
  expect('the notifications', received.map(({ event }) => event.event_id).toSorted(), expected.received);
};

const showOutage = async (expect: Expect, io: Io): Promise<void> => {
  title('4. One outage, one alert: a recorded incident with three components, where warnings are sent too', io);
  io.print('  It becomes critical on the way. ROUTE_WARNING=true is set for this part.\n');
  const played = await playOutage(io);
  io.print(renderTimeline(played, io).replace(/^/gm, '  '));
  io.print(
    `\n  Four events of the vendor, ${played.alerts.length} alert: told once, again when it became critical, and of its end.`,
  );
  expect(
    'the outage',
    played.told.map(({ action }) => action),
    expected.outage,
  );
};

/** @param keep whether the service is left running until somebody stops the command */
export const runDemo = async (keep: boolean, io: Io): Promise<ExitCode> => {
  const { problems, expect } = createExpect();
  const service = await startDemoService();
  try {
    await showService(service, expect, io);
    await showOutage(expect, io);
    if (problems.length > 0) io.complain(`\nThis is not as it should be:\n  ${problems.join('\n  ')}`);
    io.print((keep ? goOnHere(service.url) : goOnElsewhere).join('\n'));
    if (keep) await untilStopped(io.stopped);
  } finally {
    await service.stop();
  }
  return problems.length === 0 ? 0 : 1;
};
