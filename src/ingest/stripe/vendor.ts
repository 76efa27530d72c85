import { defineWebhookVendor } from '../webhook.ts';
import { stripeConfig } from './config.ts';
import { createStripeSource } from './source.ts';

export const stripe = defineWebhookVendor(stripeConfig, ({ webhookSecrets, apiKey, apiUrl }) =>
  createStripeSource(webhookSecrets, apiKey, apiUrl),
);
