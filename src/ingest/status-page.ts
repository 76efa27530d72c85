// What a status page is, in every dialect. A dialect says where its documents lie and reads them into one summary;
// fetching, remembering and deciding what is over are shared (polling/).
import * as z from 'zod';
import { isoSchema, severities } from '../domain/event.ts';

const moment = isoSchema.nullable();
/** Null: a word that the dialect does not know. It counts as a warning, and is logged. */
const severity = z.enum(severities).nullable();

const namedComponentSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** In which groups it is affected; null: in any. Absent: it stands in the group that the summary lists it in. */
  groups: z.array(z.string()).readonly().nullable().exactOptional(),
});

/** Names, words and texts are cut by the dialect; `raw` is the vendor's object as it arrived. */
export const incidentSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** The vendor's word; `scheduled` for a maintenance that is only planned. */
  status: z.string(),
  impact: z.string().nullable(),
  severity,
  isMaintenance: z.boolean(),
  /** The vendor calls it over. */
  isOver: z.boolean(),
  startedAt: moment,
  updatedAt: moment,
  resolvedAt: moment,
  description: z.string().nullable(),
  url: z.string().nullable(),
  /** Leaf components that it names. */
  components: z.array(namedComponentSchema.readonly()).readonly(),
  raw: z.unknown(),
});

export const componentSchema = z.object({
  id: z.string(),
  name: z.string(),
  status: z.string(),
  severity,
  isWell: z.boolean(),
  updatedAt: moment,
  groupId: z.string().nullable(),
  groupName: z.string().nullable(),
  raw: z.unknown(),
});

export const summarySchema = z.object({
  dialect: z.string(),
  /** Tells the status page from another customer's. */
  pageId: z.string(),
  /** The document is an empty list, which may be anybody's: its `pageId` is only what the dialect takes it for. */
  isOfAnybody: z.literal(true).exactOptional(),
  /** As the vendor calls it. */
  pageName: z.string().nullable(),
  url: z.string().nullable(),
  updatedAt: moment,
  /** It says of itself that much is wrong, or a word that the dialect does not know, and lists nothing that is wrong. */
  contradictsItself: z.boolean(),
  /** Maintenances too. */
  incidents: z.array(incidentSchema.readonly()).readonly(),
  /** Leaf components only: a group mirrors the worst of its children. */
  components: z.array(componentSchema.readonly()).readonly(),
  /** How many items were left out, and what was wrong with the first ones. */
  malformed: z.object({ count: z.int().nonnegative(), named: z.array(z.string()).readonly() }).readonly(),
});

export type Incident = Readonly<z.infer<typeof incidentSchema>>;
export type Component = Readonly<z.infer<typeof componentSchema>>;
export type Summary = Readonly<z.infer<typeof summarySchema>>;

/** Where documents came from, for a vendor whose documents do not say it. */
export interface Place {
  /** The status page's root. Null: they lie elsewhere than where the dialect has them, or came without an address. */
  readonly root: string | null;
}

export interface StatusPageDialect {
  readonly name: string;
  /** Paths under the status page's root. All of them are fetched for one summary. */
  readonly documents: readonly [string, ...string[]];
  /** Its documents lie on another host than the status page, under an id: only their own address leads to them. */
  readonly onlyByAddress?: true;
  /**
   * @param documents in the order of `documents`, or one that holds the contents of all
   * @param nowMs for a vendor that tells by times alone what has begun and what is over
   * @throws {z.ZodError} when they are not of this dialect
   */
  read(documents: readonly unknown[], nowMs: number, place?: Place): Summary;
  /** What it tells of its past, of which no more than the newest incidents are used. Absent where it tells nothing. */
  readonly history?: {
    /** A path under the status page's root. */
    readonly document: string;
    /** @throws {z.ZodError} */
    read(document: unknown): readonly Incident[];
  };
}

/** Whether it lists an incident that is under way, or a component that is not well. */
export const listsTrouble = ({ incidents, components }: Pick<Summary, 'incidents' | 'components'>): boolean =>
  components.some(({ isWell }) => !isWell) || incidents.some(({ isOver, isMaintenance }) => !isOver && !isMaintenance);

/** How many well-formed incidents, maintenances and leaf components a summary lists. */
export const countItems = ({ incidents, components }: Pick<Summary, 'incidents' | 'components'>): number =>
  incidents.length + components.length;
