// Lines that hold only what changed since the line before: {"t": seconds, "d": {…}}. In `d`, lists of components, incidents
// and maintenances give the objects that are new or changed (`set`) and all ids in order (`order`, where that changed).
import * as z from 'zod';
import type { Poll } from './recording.ts';

const item = z.looseObject({ id: z.string() });
const listSchema = z.object({ set: z.array(item).optional(), order: z.array(z.string()).optional() });
const rawSchema = z.object({ raw: z.unknown() });

export const deltaLineSchema = z.object({
  t: z.number(),
  d: z.record(z.string(), z.unknown()).optional(),
  /** In the place of `d`, where the answer was no summary. */
  raw: z.unknown().optional(),
});

const lists = ['components', 'incidents', 'scheduled_maintenances'];

interface ListState {
  readonly items: ReadonlyMap<string, unknown>;
  readonly order: readonly string[];
}

const nothing: ListState = { items: new Map(), order: [] };

const isRaw = (value: unknown): value is { readonly raw: unknown } =>
  typeof value === 'object' && value !== null && 'raw' in value && rawSchema.safeParse(value).success;

/** Reads one line after the other. */
export const createDeltaReader = (): ((line: z.infer<typeof deltaLineSchema>) => Poll) => {
  const states = new Map<string, ListState>();

  const readList = (name: string, value: unknown): unknown => {
    if (isRaw(value)) return value.raw;
    const { set = [], order } = listSchema.parse(value);
    const before = states.get(name) ?? nothing;
    const items =
      set.length === 0 ? before.items : new Map([...before.items, ...set.map((each) => [each.id, each] as const)]);
    const state = { items, order: order ?? before.order };
    states.set(name, state);
    return state.order.map((id) => state.items.get(id));
  };

  return ({ t, d, raw }) => {
    const atMs = t * 1000;
    if (!d) return { atMs, body: raw ?? null };
    const entries = Object.entries(d).map(([name, value]) => [
      name,
      lists.includes(name) ? readList(name, value) : value,
    ]);
    return { atMs, body: Object.fromEntries(entries) };
  };
};
