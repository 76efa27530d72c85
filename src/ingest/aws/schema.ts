// The parts of AWS's `/public/currentevents` that we use. AWS describes it nowhere: it is what its own dashboard reads,
// https://health.aws.amazon.com/health/status. Numbers come as numbers in some places and as texts in others.
import * as z from 'zod';
import { isSaneMs, toIso } from '../../lib/time.ts';
import { lenientList, optionalLongText, optionalName, requiredId, requiredName } from '../vendor-text.ts';

const digits = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

/** A later second than any that we may meet: a larger number counts milliseconds, as AWS has it in one of its lists. */
const latestSecond = 100_000_000_000;

const epoch = digits.transform((number, context) => {
  const ms = number > latestSecond ? number : number * 1000;
  if (isSaneMs(ms)) return toIso(ms);
  context.addIssue('expected seconds since 1970');
  return z.NEVER;
});

const word = z
  .union([z.string().min(1), z.number()])
  .transform(String)
  .pipe(requiredName);

const logEntry = z.object({
  message: optionalLongText,
  timestamp: epoch.nullish().catch(null),
  status: word.nullish().catch(null),
});

const impactedService = z.object({
  service_name: requiredName,
  current: word.nullish().catch(null),
  max: word.nullish().catch(null),
});

/** By id; odd ones are left out. */
const impactedServices = z
  .record(z.string(), impactedService.nullable().catch(null))
  .nullish()
  .catch(null)
  .transform((services) =>
    Object.entries(services ?? {}).flatMap(([id, service]) => (service === null ? [] : [{ id, ...service }])),
  );

export const eventSchema = z.object({
  arn: requiredId,
  date: epoch,
  /** One that cannot be read is refused: the event is then neither open nor over. */
  end_time: epoch.nullish(),
  status: word,
  region_name: optionalName,
  service: optionalName,
  service_name: optionalName,
  summary: optionalName,
  event_log: lenientList(logEntry),
  impacted_services: impactedServices,
});

/** As much of an event as tells whether it ended long ago. */
export const timesSchema = z
  .object({ end_time: epoch })
  .transform(({ end_time: end }) => ({ isOver: true, resolvedAt: end, startedAt: null }));

const healthEvent = z.object({ arn: z.string().regex(/^arn:aws[\w-]*:health:/), status: word });

/** An empty list says that all is well, but not that it is of AWS. */
export const documentSchema = z
  .array(z.unknown())
  .refine((items) => items.length === 0 || items.some((item) => healthEvent.safeParse(item).success), {
    message: 'expected events of AWS Health, with arn and status',
  });
export const nonEmptySchema = documentSchema.refine((items) => items.length > 0, {
  message: 'an empty list may be of anybody',
});

export type AwsEvent = z.infer<typeof eventSchema>;
