// Vendors that send messages.
import type { StatusPagePreset } from './preset.ts';

const common = { dialect: 'statuspage', payments: false, isVerified: true } as const;

export const messagingPresets: readonly StatusPagePreset[] = [
  {
    ...common,
    name: 'braze',
    vendor: 'Braze',
    url: 'https://braze.statuspage.io',
    groups: 'instances of Braze, such as US-03: yours stands in the address of your dashboard',
    evidence:
      "linked from Braze's documentation; a public report read its components.json (132 in 12 groups, August 2026)",
  },
  {
    ...common,
    name: 'twilio',
    vendor: 'Twilio and SendGrid',
    url: 'https://status.twilio.com',
    groups: null,
    evidence:
      'public tests keep a copy of its summary, which holds SendGrid too since status.sendgrid.com was given up',
  },
  {
    ...common,
    name: 'mailgun',
    vendor: 'Mailgun',
    url: 'https://status.mailgun.com',
    groups: null,
    evidence: 'a public integration read its summary in July 2026',
  },
  {
    ...common,
    name: 'bird',
    vendor: 'Bird (MessageBird)',
    url: 'https://status.bird.com',
    groups: null,
    evidence: 'a public integration read its summary in September 2026 (id xf8120tyqx8n)',
  },
  {
    ...common,
    name: 'customer-io',
    vendor: 'Customer.io',
    url: 'https://customerio.statuspage.io',
    groups: null,
    evidence: 'public monitors read it, since status.customer.io has no API; its summary itself was not to be seen',
    isVerified: false,
  },
];
