import { hasPlaceholder } from '../ingest/stripe/config.ts';
import type { Config } from './env.ts';
import { pageVariables } from './page-variables.ts';
import { storeKindOf } from './values.ts';

/** The variables without which a part of the service stands still, for the line that the start says. */
export const missingOf = ({ apiToken, configFile, pagerduty, status, store, stripe }: Config): readonly string[] => [
  ...(hasPlaceholder(stripe.webhookSecrets) ? ['STRIPE_WEBHOOK_SECRET'] : []),
  ...(pagerduty.routingKey === null && configFile === null ? ['PAGERDUTY_ROUTING_KEY'] : []),
  ...status.pages.flatMap(({ name, url }) => (url === null && pageVariables.get(name)) || []),
  ...(apiToken === null ? ['API_TOKEN'] : []),
  ...(storeKindOf(store.url) === 'memory' ? ['STORE_URL'] : []),
];
