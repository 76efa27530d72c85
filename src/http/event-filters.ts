// The filters of `GET /events` and `GET /live` as a query has them, made from the table of filters.
import * as z from 'zod';
import {
  type EventFilters,
  eventFilters,
  type FilterName,
  type FilterValue,
  filterNames,
} from '../stores/event-filter.ts';
import { splitWords } from '../stores/search-words.ts';
import { moment } from './query.ts';

type Row = (typeof eventFilters)[FilterName];

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Without a word a search would find everything. */
const search = z
  .string()
  .refine((text) => splitWords(text).length > 0, 'expected at least one word, of letters or digits');

/** In a query every value is text: a flag is a word, a time has any offset, and an empty text is refused. */
const fromText = ({ schema, how }: Row): z.ZodType<FilterValue> => {
  if (how === 'since' || how === 'until') return moment;
  if (how === 'words') return search;
  if (schema instanceof z.ZodBoolean) return flag;
  return schema instanceof z.ZodString ? schema.min(1) : schema;
};

type Shape = { readonly [Name in FilterName]: z.ZodOptional<z.ZodType<NonNullable<EventFilters[Name]>>> };

const isShape = (shape: Readonly<Record<string, z.ZodType>>): shape is Shape =>
  filterNames.every((name) => name in shape);

const createShape = (): Shape => {
  const shape = Object.fromEntries(
    filterNames.map((name) => {
      const { description } = eventFilters[name];
      return [name, fromText(eventFilters[name]).optional().meta({ description })] as const;
    }),
  );
  if (!isShape(shape)) throw new Error('a filter is missing from the query');
  return shape;
};

export const eventFilterQuery = z.strictObject(createShape());
