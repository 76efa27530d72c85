import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../env.ts';

/** Finds out or sets something before the handler runs, and waits for nothing. */
export type Preparation = (c: Context<HttpEnv>) => void;

/** All preparations in one middleware: Hono makes a promise and a function for each that it calls. */
export const prepareRequest = (...preparations: readonly Preparation[]) =>
  createMiddleware<HttpEnv>((c, next) => {
    for (const prepare of preparations) prepare(c);
    return next();
  });
