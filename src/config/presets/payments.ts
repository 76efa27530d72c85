// Vendors that process payments.
import type { StatusPagePreset } from './preset.ts';

const common = { dialect: 'statuspage', payments: true, isVerified: true } as const;

export const paymentPresets: readonly StatusPagePreset[] = [
  {
    ...common,
    name: 'stripe',
    vendor: 'Stripe',
    url: 'https://www.stripestatus.com',
    groups: 'parts of the product, such as Stripe core components or Acquirers and payment methods',
    evidence: 'public tests quote its summary (id d5zv7xbys5v3); status.stripe.com has not been current since 2024',
  },
  {
    ...common,
    name: 'spreedly',
    vendor: 'Spreedly',
    url: 'https://status.spreedly.com',
    groups: null,
    evidence: "linked from Spreedly's developer documentation; public monitors read it as a Statuspage",
    isVerified: false,
  },
  {
    ...common,
    name: 'braintree',
    vendor: 'Braintree',
    url: 'https://status.braintreepayments.com',
    groups: null,
    evidence: "linked from Braintree's documentation; the public monitor stts has its Statuspage id 03tltrdl3qkv",
  },
  {
    ...common,
    name: 'plaid',
    vendor: 'Plaid',
    url: 'https://status.plaid.com',
    groups: null,
    evidence: "Plaid's API documentation names its status.json and incidents.json",
  },
];
