import type { Kind } from '../kind.ts';
import { createMock } from './destination.ts';

export const mockKind: Kind<'mock'> = (_settings, { name, reachesPeople, fallback }, deps) =>
  createMock({ name, reachesPeople, fallback, ...deps }, deps.client);
