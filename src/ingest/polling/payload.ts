// The payload of a status page's signal: one fetched summary with all that its meaning depends on, or the news that the
// page cannot be read. The same payload always gives the same observations.
import * as z from 'zod';
import { isoSchema } from '../../domain/event.ts';
import { summarySchema } from '../status-page.ts';

/** The vendor of every signal of a status page: the adapter is the same for all dialects. */
export const statusPageVendor = 'status_page';

/** As much of an ongoing event as is needed to tell that it is over. */
const ongoingSchema = z.object({ event_id: z.string(), subject: z.string(), started_at: z.string() });
export type Ongoing = Readonly<z.infer<typeof ongoingSchema>>;

const summaryPayloadSchema = z.object({
  type: z.literal('summary'),
  /** Our name of the status page. */
  page: z.string(),
  fetchedAt: isoSchema,
  summary: summarySchema.readonly(),
  ongoing: z.array(ongoingSchema.readonly()).readonly(),
  /** Since when an ongoing component has been missing from every good fetch, by subject. */
  missingSince: z.record(z.string(), z.string()).readonly(),
  /** Names that the rules use and the status page has not listed for long, each with since when. */
  vanishedUses: z.array(z.object({ name: z.string(), since: isoSchema }).readonly()).readonly(),
  /** Since when the status page has contradicted itself without a break. */
  contradictsSince: z.string().nullable(),
  staleAfterMs: z.number(),
  /** The first good fetch of the status page. */
  firstLook: z.boolean(),
  /** It is the fixture that stands in for a status page: what it says is in test mode. */
  isFixture: z.boolean().exactOptional(),
});

/** What has ended while nobody read the status page, as the incidents of a summary. */
const historyPayloadSchema = summaryPayloadSchema.extend({ type: z.literal('history') });

const blindPayloadSchema = z.object({
  type: z.literal('blind'),
  page: z.string(),
  fetchedAt: isoSchema,
  since: isoSchema,
  error: z.string(),
});

const payloadSchema = z.discriminatedUnion('type', [summaryPayloadSchema, historyPayloadSchema, blindPayloadSchema]);
export type StatusPagePayload = Readonly<z.infer<typeof payloadSchema>>;
export type SummaryPayload = Extract<StatusPagePayload, { type: 'summary' }>;
export type HistoryPayload = Extract<StatusPagePayload, { type: 'history' }>;
export type BlindPayload = Extract<StatusPagePayload, { type: 'blind' }>;

/** What a status page of ours emits is made of parsed parts, and is not parsed a second time. */
const made = new WeakMap<object, StatusPagePayload>();

export const rememberMade = (payload: StatusPagePayload): void => void made.set(payload, payload);

/** @throws {z.ZodError} for what is not a payload of a status page */
export const readPayload = (payload: unknown): StatusPagePayload =>
  (typeof payload === 'object' && payload !== null ? made.get(payload) : undefined) ?? payloadSchema.parse(payload);

/** What events of a status page are about. */
export const incidentSubject = (source: string, id: string): string => `${source}:incident:${id}`;
export const componentSubject = (source: string, id: string): string => `${source}:component:${id}`;
export const useSubject = (source: string, name: string): string => `${source}:uses:${name}`;
export const pageSubject = (source: string): string => `${source}:page`;
