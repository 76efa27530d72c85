// The table of facts: what a vendor says of an event, as far as rules, notifications and the dashboard ask for it.
// The rules' schema, the API's description and docs/facts.md are made from this table.
import * as z from 'zod';
import { severities } from './event.ts';

/** `amount` is a whole number of minor units, `texts` a list of names. */
export type FactType = 'text' | 'amount' | 'flag' | 'texts';
/** Who gives a fact: a vendor's adapter, or the rules themselves. */
export type FactGiver = 'statuspage' | 'stripe' | 'rules';

interface Declaration {
  readonly type: FactType;
  readonly meaning: string;
  readonly from: readonly FactGiver[];
}

const declarations = z.registry<Declaration>();

const declare = <S extends z.ZodType>(schema: S, declaration: Declaration): z.ZodOptional<S> => {
  const fact = z.optional(schema).describe(declaration.meaning);
  declarations.add(fact, declaration);
  return fact;
};
const text = (meaning: string, ...from: FactGiver[]) => declare(z.string().min(1), { type: 'text', meaning, from });

const items = ['incident', 'maintenance', 'component', 'page'] as const;

const factShape = {
  page: text('our name of the status page', 'statuspage'),
  page_name: text("the vendor's name of the status page", 'statuspage'),
  item: declare(z.enum(items), {
    type: 'text',
    meaning: 'the kind of thing that it is about: an incident, a maintenance, a component or the status page itself',
    from: ['statuspage'],
  }),
  status: text("the vendor's word for the present state, such as `monitoring` or `major_outage`", 'statuspage'),
  impact: text("the vendor's word for how serious an incident is, such as `minor`", 'statuspage'),
  component: text("the component's name", 'statuspage'),
  group: text('the group that the component stands in', 'statuspage'),
  components: declare(z.array(z.string().min(1)), {
    type: 'texts',
    meaning: 'the names of the components that an incident lists',
    from: ['statuspage'],
  }),
  type: text("the type of Stripe's event, such as `payout.failed`", 'stripe'),
  object: text('the kind of object that the event is about, such as `payout`', 'stripe'),
  object_id: text("the object's id", 'stripe'),
  amount: declare(z.int(), {
    type: 'amount',
    meaning: "the amount in the currency's minor units, as Stripe counts them",
    from: ['stripe'],
  }),
  currency: text('the currency of the amount, such as `eur`', 'stripe'),
  account: text('the connected account', 'stripe'),
  livemode: declare(z.boolean(), { type: 'flag', meaning: 'false in test mode', from: ['stripe'] }),
  failure_code: text('why it failed, as a code', 'stripe'),
  decline_code: text("the card issuer's reason, as a code", 'stripe'),
  reason: text('the reason that the vendor gives otherwise, such as the one of a dispute', 'stripe'),
  url: text(
    "the vendor's link to it: the incident, the status page, or the object in Stripe's dashboard",
    'statuspage',
    'stripe',
  ),
  built_in_severity: declare(z.enum(severities), {
    type: 'text',
    meaning: 'the severity of the built-in tables, where the rules changed it',
    from: ['rules'],
  }),
};

/** One flat object beside each event. A fact that the vendor did not give is absent. */
export const factsSchema = z
  .strictObject(factShape)
  .meta({ id: 'Facts', description: "The vendor's own words about the event. A fact that it did not give is absent." });

export type Facts = Readonly<z.infer<typeof factsSchema>>;
export type FactName = keyof Facts;

/** In the order in which they are documented. */
export const factNames: readonly FactName[] = factsSchema.keyof().options;

/** What the table says of one fact. */
export const describeFact = (name: FactName): Declaration => {
  const declaration = declarations.get(factsSchema.shape[name]);
  if (!declaration) throw new Error(`the fact ${name} is not declared`);
  return declaration;
};
