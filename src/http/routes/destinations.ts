import { Hono } from 'hono';
import * as z from 'zod';
import { isoSchema } from '../../domain/event.ts';
import { type DestinationStates, destinationConditions } from '../../sinks/destination-states.ts';
import { count } from '../delivery-schema.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';

const destinationSchema = z
  .strictObject({
    name: z.string(),
    type: z.string(),
    reaches_people: z.boolean(),
    state: z.enum(destinationConditions).meta({
      description:
        '`failing`: it accepted none of the last attempts. `paused`: nothing is sent for now. `unused`: no delivery was created for it yet.',
    }),
    last_success_at: isoSchema.nullable(),
    last_failure_at: isoSchema.nullable(),
    last_error: z.string().nullable(),
    waiting: count.meta({ description: 'How many deliveries wait to be sent.' }),
    oldest_waiting_at: isoSchema.nullable(),
  })
  .readonly();

const listSchema = z.strictObject({ destinations: z.array(destinationSchema).readonly() });

export const destinationPaths: Paths = {
  '/destinations': {
    get: {
      tags: ['deliveries'],
      summary: 'Show how each destination is doing, and what waits for it.',
      responses: { 200: json('The destinations.', listSchema), ...problems(503) },
    },
  },
};

/** `GET /destinations`. */
export const destinationRoutes = (states: DestinationStates) =>
  new Hono<HttpEnv>().get('/destinations', async (c) =>
    c.json<z.infer<typeof listSchema>>({ destinations: await states() }),
  );
