import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../env.ts';

/** Finds out or sets something before the handler runs, and waits for nothing. */
export type Preparation = (c: Context<HttpEnv>) => void;

/** Told of every answer, and how long it took. */
export type Observer = (c: Context<HttpEnv>, durationMs: number) => void;

/** All preparations and observers in one middleware: Hono makes promises and functions for each that it calls. */
export const aroundRequest = (preparations: readonly Preparation[], observers: readonly Observer[] = []) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const startedMs = performance.now();
    for (const prepare of preparations) prepare(c);
    await next();
    const durationMs = performance.now() - startedMs;
    for (const observe of observers) observe(c, durationMs);
  });
