// The parts of a Stripe event that we use, of both API generations.
// https://docs.stripe.com/api/events/object and https://docs.stripe.com/api/v2/core/events/object
import * as z from 'zod';
import { isSaneMs, readIso, toIso } from '../../lib/time.ts';

type Fields = Readonly<Record<string | symbol, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The field at the end of a path, or undefined as soon as something on the way is missing or null. */
const fieldAt = (value: unknown, path: readonly string[]): unknown => {
  let at = value;
  for (const key of path) at = isFields(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  return at;
};

export const field = (value: unknown, ...path: readonly string[]): unknown => fieldAt(value, path);

/** The first of these fields that is a text. */
export const textField = (value: unknown, ...paths: readonly (readonly string[])[]): string | undefined => {
  for (const path of paths) {
    const text = fieldAt(value, path);
    if (typeof text === 'string' && text !== '') return text;
  }
  return undefined;
};

const createdV1 = (created: unknown): string | null =>
  Number.isInteger(created) && isSaneMs(Number(created) * 1000) ? toIso(Number(created) * 1000) : null;

const createdV2 = (created: unknown): string | null => (typeof created === 'string' ? readIso(created) : null);

/** Marks what the schema below has made. */
const read = Symbol('read');

export const stripeEventSchema = z
  .object({
    id: z.string().min(1),
    type: z.string().min(1),
    object: z.unknown().optional(),
    created: z.union([z.number(), z.string()], 'expected unix seconds, or the ISO-8601 time of a v2 event'),
    account: z.unknown().optional(),
    context: z.unknown().optional(),
    livemode: z.unknown().optional(),
    data: z.unknown().optional(),
    related_object: z.unknown().optional(),
  })
  .transform(({ created, ...event }, issues) => {
    const isV2 = event.object === 'v2.core.event';
    const startedAt = isV2 ? createdV2(created) : createdV1(created);
    if (startedAt === null) {
      const expected = isV2 ? 'an ISO-8601 time' : 'unix seconds, a whole number';
      issues.addIssue({ code: 'custom', path: ['created'], message: `expected ${expected} between 1970 and 9999` });
      return z.NEVER;
    }
    const { id, type, livemode, data, related_object: relatedObject } = event;
    const account = isV2 ? event.context : event.account;
    return {
      [read]: true as const,
      id,
      type,
      startedAt,
      livemode,
      /** The connected account that it is about; undefined for an account of one's own. */
      account: typeof account === 'string' && account !== '' ? account : undefined,
      object: isV2 ? relatedObject : field(data, 'object'),
      /** What the fields that changed were before. */
      previous: isV2 ? undefined : field(data, 'previous_attributes'),
    };
  });

export type StripeEvent = Omit<z.infer<typeof stripeEventSchema>, typeof read>;

const isStripeEvent = (value: unknown): value is StripeEvent => isFields(value) && value[read] === true;

/**
 * @param checked what `stripeEventSchema` made of the payload before, if it did
 * @throws {z.ZodError} for what is not a Stripe event
 */
export const readStripeEvent = (payload: unknown, checked: unknown): StripeEvent =>
  isStripeEvent(checked) ? checked : stripeEventSchema.parse(payload);
