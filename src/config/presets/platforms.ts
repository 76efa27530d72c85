// Platforms that both kinds of teams build on.
import type { StatusPagePreset } from './preset.ts';

const common = { dialect: 'statuspage', payments: false, isVerified: true } as const;

export const platformPresets: readonly StatusPagePreset[] = [
  {
    ...common,
    name: 'github',
    vendor: 'GitHub',
    url: 'https://www.githubstatus.com',
    groups: 'there are none; components are named Actions, API Requests, Git Operations, …',
    evidence: 'public archives hold years of its summary (id kctbh9vrtdwd)',
  },
  {
    ...common,
    name: 'cloudflare',
    vendor: 'Cloudflare',
    url: 'https://www.cloudflarestatus.com',
    groups: 'Cloudflare Sites and Services, and one for the data centres of each continent: name what you use',
    evidence: 'a public project documents the format of its summary',
  },
  {
    ...common,
    name: 'google-cloud',
    vendor: 'Google Cloud',
    url: 'https://status.cloud.google.com/incidents.json',
    dialect: 'google',
    groups: 'the locations where a product is affected, such as us-central1 or us-central1-a',
    evidence: 'public projects keep copies of its incidents.json (2026), whose schema lies beside it',
  },
  {
    ...common,
    name: 'aws',
    vendor: 'AWS',
    url: 'https://health.aws.amazon.com/public/currentevents',
    dialect: 'aws',
    groups: 'regions, such as eu-west-1; an incident without a region counts for each',
    evidence:
      "public projects read and keep copies of /public/currentevents (August 2026), which AWS's dashboard reads",
  },
];
