import * as z from 'zod';
import { definePart, optional, required, withDefault } from '../../config/declare.ts';
import { setOrNot } from '../../config/show.ts';
import { commaSeparated, noQuotes, publicAddress } from '../../config/values.ts';
import { isLoopbackHost } from '../../lib/addresses.ts';
import { publicUrl } from '../../lib/text.ts';

export const defaultApiUrl = 'https://api.stripe.com';

/** What .env.example has in place of a secret. Anybody can sign with it. */
const placeholder = 'whsec_replace_me';

/** Whether anybody can sign, because a secret is still the one of .env.example. */
export const hasPlaceholder = (secrets: readonly string[]): boolean => secrets.includes(placeholder);

/** What else stands beside the signing secret in Stripe's dashboard, by its beginning. */
const otherKinds: Readonly<Record<string, string>> = {
  sk: 'a secret API key',
  rk: 'a restricted API key',
  pk: 'a publishable API key',
  we: 'the id of an endpoint',
};

const kindOf = (secret: string): string | undefined => otherKinds[/^([a-z]{2})_/.exec(secret)?.[1] ?? ''];

const signingSecrets = z
  .string('is required: the signing secret of your Stripe endpoint (whsec_…)')
  .transform((text, context): readonly string[] => {
    const secrets = commaSeparated(text);
    const wrongKind = secrets.map(kindOf).find(Boolean);
    const problem = (message: string): void => context.addIssue({ code: 'custom', message });
    if (secrets.length === 0) problem('expected one or more signing secrets (whsec_…), separated by commas');
    else if (secrets.some((secret) => /\s/.test(secret))) problem('a signing secret must not contain white space');
    else if (!noQuotes(text)) problem('a signing secret must not contain quotes');
    else if (wrongKind) problem(`holds ${wrongKind}, not a signing secret (whsec_…)`);
    return secrets;
  });

const warningsOfSecrets = (secrets: readonly string[]): readonly string[] => {
  if (hasPlaceholder(secrets))
    return [
      'STRIPE_WEBHOOK_SECRET is still the placeholder of .env.example: webhooks of Stripe are refused, and everybody can sign',
    ];
  return secrets.every((secret) => secret.startsWith('whsec_'))
    ? []
    : ['STRIPE_WEBHOOK_SECRET holds something that does not begin with whsec_'];
};

const warningsOfAddress = ({ protocol, hostname }: URL): readonly string[] =>
  protocol === 'https:' || isLoopbackHost(hostname)
    ? []
    : ['STRIPE_API_URL is not https: everybody on the way can read STRIPE_API_KEY'];

const apiKey = z
  .string()
  .refine((key) => noQuotes(key) && !/\s/.test(key), 'an API key must not contain quotes or white space')
  .refine((key) => !/^(whsec|pk|we)_/.test(key), 'expected a secret or restricted API key (sk_… or rk_…)');

export const stripeConfig = definePart({
  title: 'Stripe',
  prefixes: ['STRIPE_'],
  variables: {
    STRIPE_WEBHOOK_SECRET: required(signingSecrets, {
      about: 'The signing secret of your webhook endpoint; several, separated by commas, while you rotate it.',
      defaultInWords: 'required',
      example: placeholder,
      show: (secrets) => `${secrets.length} set`,
    }),
    STRIPE_API_KEY: optional(apiKey, {
      about:
        'Not needed to verify signatures. With it, events that were missed are fetched after a start; a restricted key that may read events is enough.',
      show: setOrNot,
    }),
    STRIPE_API_URL: withDefault(publicAddress, defaultApiUrl, {
      about: 'Where missed events are fetched. Change it for a gateway of your own, or for a test.',
      show: publicUrl,
    }),
  },
  problems: ({ STRIPE_WEBHOOK_SECRET: secrets }, { isProduction, reachesPeople }) =>
    hasPlaceholder(secrets) && (isProduction || reachesPeople)
      ? [
          `STRIPE_WEBHOOK_SECRET: is still the placeholder of .env.example, with which everybody can sign; ${isProduction ? 'production' : 'a destination that reaches people'} needs the secret of your endpoint`,
        ]
      : [],
  warnings: ({ STRIPE_WEBHOOK_SECRET: secrets, STRIPE_API_KEY: key, STRIPE_API_URL: url }) => [
    ...warningsOfSecrets(secrets),
    ...(key === undefined ? [] : warningsOfAddress(new URL(url))),
  ],
  read: (env) => ({
    webhookSecrets: env.STRIPE_WEBHOOK_SECRET,
    apiKey: env.STRIPE_API_KEY ?? null,
    apiUrl: env.STRIPE_API_URL,
  }),
});
