import type { Rules } from '../domain/rules/rules.ts';
import { hasPlaceholder } from '../ingest/stripe/config.ts';
import type { Config } from './env.ts';
import { pageVariables } from './page-variables.ts';
import { storeKindOf } from './values.ts';

type Given = Pick<Rules, 'destinations' | 'statusPages'>;

/** Whether the rules give what the variable would. */
export const isGivenByRules = (name: string, { destinations, statusPages }: Given): boolean => {
  if (name === 'PAGERDUTY_ROUTING_KEY') return destinations !== null;
  const [page] = [...pageVariables].find(([, variable]) => variable === name) ?? [];
  return page !== undefined && statusPages.get(page)?.url != null;
};

/** The variables without which a part of the service stands still, for the line that the start says. */
export const missingOf = ({ apiToken, pagerduty, status, store, stripe }: Config, rules: Given): readonly string[] => [
  ...(hasPlaceholder(stripe.webhookSecrets) ? ['STRIPE_WEBHOOK_SECRET'] : []),
  ...[
    ...(pagerduty.routingKey === null ? ['PAGERDUTY_ROUTING_KEY'] : []),
    ...status.pages.flatMap(({ name, url }) => (url === null && pageVariables.get(name)) || []),
  ].filter((name) => !isGivenByRules(name, rules)),
  ...(apiToken === null ? ['API_TOKEN'] : []),
  ...(storeKindOf(store.url) === 'memory' ? ['STORE_URL'] : []),
];
