import type { Config } from './env.ts';

/** What can be run like this, but is worth saying: what is open, unsigned or wakes nobody. None of it holds a secret. */
export const warningsOf = ({ apiToken, pagerduty, stripe }: Config): readonly string[] => {
  const warnings: string[] = [];
  if (apiToken === null) warnings.push('API_TOKEN is not set: every route answers whoever can reach this port');
  else if (apiToken.length < 16) warnings.push('API_TOKEN is shorter than 16 characters: it can be guessed');
  if (!stripe.webhookSecrets.every((secret) => secret.startsWith('whsec_')))
    warnings.push('STRIPE_WEBHOOK_SECRET holds something that does not begin with whsec_');
  if (pagerduty.routingKey === null)
    warnings.push('PAGERDUTY_ROUTING_KEY is not set: pages go to the mock of this service, and nobody is woken');
  else if (!/^[A-Za-z0-9]{32}$/.test(pagerduty.routingKey))
    warnings.push('PAGERDUTY_ROUTING_KEY is not 32 letters and digits: PagerDuty will refuse it');
  return warnings;
};
