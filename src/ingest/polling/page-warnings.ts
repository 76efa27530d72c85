// Warnings about a status page itself: it cannot be read, or does not list a name that the rules use.
import type { UnifiedEvent } from '../../domain/event.ts';
import type { Facts } from '../../domain/facts.ts';
import type { Sighting } from '../../domain/observation.ts';
import { cutName, cutText, oneLine } from '../../lib/text.ts';
import { type BlindPayload, pageSubject, type SummaryPayload, useSubject } from './payload.ts';
import { present, sightingOf } from './sightings.ts';

/** It holds for as long as it is so. */
const pageWarning = (
  event: Pick<UnifiedEvent, 'source' | 'service' | 'summary' | 'description' | 'raw'>,
  subject: string,
  since: string,
  facts: Facts,
  testMode = false,
): Sighting =>
  sightingOf(
    {
      ...event,
      event_id: `${subject}:${since}`,
      kind: 'status',
      severity: 'warning',
      started_at: since,
      resolved_at: null,
    },
    { facts, subject, traits: { item: 'page', name: null, components: [], group: null, pageSize: 0 }, testMode },
  );

/** The status page itself, which cannot be read. */
export const blindSighting = (source: string, { page, since, error }: BlindPayload): Sighting =>
  pageWarning(
    {
      source,
      service: page,
      summary: `The status page of ${page} cannot be read`,
      description: cutText(error),
      raw: { page, since, error },
    },
    pageSubject(source),
    since,
    { page, item: 'page' },
  );

/** A name that the rules use, and that the status page no longer lists: what happens to it would be told to nobody. */
export const vanishedUseSighting = (
  source: string,
  { page, summary, isFixture }: SummaryPayload,
  { name, since }: SummaryPayload['vanishedUses'][number],
): Sighting =>
  pageWarning(
    {
      source,
      service: page,
      summary: oneLine(cutName(`The status page of ${page} lists no component "${name}", which the rules use`)),
      description: 'It may have a new name. Until the rules have that, nobody is told of it.',
      raw: { page, name, since },
    },
    useSubject(source, name),
    since,
    present({ page, page_name: summary.pageName, item: 'page', url: summary.url }),
    isFixture,
  );
