import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventSchema } from '../../../src/domain/event.ts';
import { normalizeStripe } from '../../../src/ingest/stripe/normalize.ts';

const folder = new URL('../../../fixtures/stripe/', import.meta.url);

it.each(readdirSync(folder))('makes of the sample %s an event that the schema of events allows', (name) => {
  const payload: unknown = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
  const observations = normalizeStripe({ signalId: 's', requestId: 'r', vendor: 'stripe', source: 'stripe', payload });
  const events = observations.flatMap((observation) => (observation.type === 'sighting' ? [observation.event] : []));
  expect(events).toHaveLength(1);
  expect(events.map((event) => eventSchema.parse(event))).toEqual(events);
});
