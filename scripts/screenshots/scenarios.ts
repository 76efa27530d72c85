// What the pictures show: three months that vendors have had, and then a day of one kind or another.
import { type VendorName, vendors, type World } from './world.ts';

const day = 1440;

/** Vendor, days before now, minutes it lasted, impact, title, component. */
const past: readonly (readonly [VendorName, number, number, string, string, string])[] = [
  ['github', 84, 95, 'major', 'Actions runs are delayed', 'Actions'],
  ['braze', 79, 40, 'minor', 'Delayed push notifications', 'Push'],
  ['github', 71, 22, 'minor', 'Elevated errors on webhooks', 'Webhooks'],
  ['spreedly', 66, 210, 'critical', 'Vault requests time out', 'Vault'],
  ['twilio', 61, 55, 'minor', 'SMS delays to one carrier', 'SMS'],
  ['github', 52, 130, 'major', 'Pull requests cannot be merged', 'Pull Requests'],
  ['braze', 47, 320, 'major', 'Data ingestion is behind', 'Data Ingestion'],
  ['github', 40, 18, 'minor', 'Slow page loads', 'Issues'],
  ['twilio', 33, 600, 'minor', 'Voice calls drop in one region', 'Voice'],
  ['spreedly', 25, 35, 'minor', 'Elevated gateway latency', 'Gateway'],
  ['github', 19, 75, 'major', 'Codespaces cannot start', 'Codespaces'],
  ['braze', 9, 26, 'minor', 'Dashboard is slow to load', 'Dashboard'],
  ['github', 3, 48, 'major', 'API requests fail', 'API Requests'],
];

const incident = (world: World, id: string, name: string, impact: string, component: string, more: object = {}) => ({
  id,
  name,
  impact,
  status: 'investigating',
  started_at: world.minutesAgo(4),
  updated_at: world.minutesAgo(1),
  components: [{ id: component, name: component }],
  incident_updates: [
    { id: `${id}u`, status: 'investigating', body: 'We are looking into it.', created_at: world.minutesAgo(1) },
  ],
  shortlink: `https://stspg.io/${id}`,
  ...more,
});

const component = (world: World, name: string, status: string) => ({
  id: name,
  name,
  status,
  updated_at: world.minutesAgo(2),
});

export const playPast = async (world: World): Promise<void> => {
  world.at(90 * day);
  for (const vendor of vendors) await world.list(vendor, {});
  for (const [at, [vendor, days, minutes, impact, name, part]] of past.entries()) {
    world.at(days * day + 500);
    const open = incident(world, `past${at}`, name, impact, part);
    await world.list(vendor, { incidents: [open], components: [component(world, part, 'partial_outage')] });
    world.at(days * day + 500 - minutes);
    const resolved = { ...open, status: 'resolved', resolved_at: world.minutesAgo(0), updated_at: world.minutesAgo(0) };
    await world.list(vendor, { incidents: [resolved], components: [component(world, part, 'operational')] });
  }
  for (let n = 0; n < 12; n++) {
    world.at(n * 7 * day + 400);
    await world.stripe(`evt_past_${n}`, 'payment_intent.succeeded', {
      id: `pi_${n}`,
      object: 'payment_intent',
      amount: 4200 + n,
      currency: 'eur',
    });
  }
  await world.settle();
};

const payout = (n: number) => ({
  id: `po_1Q${n}x7Lk`,
  object: 'payout',
  amount: 1_250_000 + n * 1000,
  currency: 'eur',
  failure_code: 'account_closed',
  failure_message: 'The bank account has been closed.',
});

const githubDown = async (world: World): Promise<void> => {
  const open = incident(world, 'gh1', 'Disruption with Actions and pull requests', 'major', 'Actions');
  await world.list('github', {
    incidents: [open],
    components: [
      component(world, 'Actions', 'major_outage'),
      component(world, 'Pull Requests', 'partial_outage'),
      component(world, 'Issues', 'operational'),
    ],
  });
};

const eight = async (world: World): Promise<void> => {
  world.at(134);
  await githubDown(world);
  world.at(96);
  await world.list('braze', {
    components: [component(world, 'REST API US-03', 'degraded_performance'), component(world, 'Push', 'operational')],
  });
  world.at(41);
  await world.list('spreedly', {
    incidents: [
      incident(world, 'sp1', 'Elevated error rates at one acquirer', 'minor', 'Gateway', { status: 'monitoring' }),
    ],
  });
  world.at(34);
  await world.stripe('evt_payout', 'payout.failed', payout(1));
  await world.settle();
  world.at(12);
  await world.stripe('evt_dispute', 'charge.dispute.created', {
    id: 'du_1Q8',
    object: 'dispute',
    amount: 9900,
    currency: 'eur',
    reason: 'fraudulent',
    status: 'needs_response',
  });
  await world.stripe('evt_account', 'account.updated', {
    id: 'acct_1',
    object: 'account',
    charges_enabled: false,
    payouts_enabled: false,
    requirements: { disabled_reason: 'requirements.past_due' },
  });
  await world.stripe('evt_capability', 'capability.updated', {
    id: 'card_payments',
    object: 'capability',
    account: 'acct_2',
    status: 'inactive',
  });
  await world.settle();
  world.at(2);
  await world.list('twilio', {
    incidents: [incident(world, 'tw1', 'SMS delivery delays to several networks in Europe', 'major', 'SMS')],
    components: [component(world, 'SMS', 'partial_outage')],
  });
};

const many = async (world: World, count: number): Promise<void> => {
  await eight(world);
  for (let n = 0; n < count; n++) {
    world.at((count - n) * 7);
    await world.stripe(`evt_many_${n}`, n % 3 === 0 ? 'payout.failed' : 'charge.dispute.created', {
      ...payout(n),
      id: `po_many_${n}`,
      status: 'needs_response',
    });
    if (n % 20 === 0) await world.settle();
  }
  await world.settle();
};

export const scenarios: Readonly<Record<string, (world: World) => Promise<void>>> = {
  quiet: async () => undefined,
  async one(world) {
    world.at(22);
    await githubDown(world);
  },
  eight,
  many: (world) => many(world, 195),
  async 'them-or-us'(world) {
    world.at(9);
    for (let n = 0; n < 48; n++)
      await world.stripe(`evt_pay_${n}`, `payment_intent.${n % 3 === 0 ? 'payment_failed' : 'succeeded'}`, {
        id: `pi_now_${n}`,
        object: 'payment_intent',
        amount: 4200 + n,
        currency: 'eur',
      });
    await world.settle();
    world.at(6);
    await world.list('stripe', {
      incidents: [incident(world, 'st1', 'Elevated errors on Payments', 'major', 'API')],
      components: [component(world, 'API', 'partial_outage')],
    });
  },
  async storm(world) {
    world.at(9);
    for (let n = 0; n < 120; n++)
      await world.stripe(`evt_storm_${n}`, 'payout.failed', { ...payout(n), id: `po_storm_${n}` });
    await world.settle();
  },
  async 'pagerduty-down'(world) {
    world.at(14);
    world.answerPagerDuty(503);
    await githubDown(world);
    world.at(9);
    await world.stripe('evt_payout', 'payout.failed', payout(2));
    await world.settle();
  },
  async blind(world) {
    world.at(40);
    world.setSilent(true);
    await world.list('github', {});
    world.at(5);
    await world.list('github', {});
  },
};
