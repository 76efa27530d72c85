import type { Kind } from '../kind.ts';
import { createMock } from './destination.ts';

export const mockKind: Kind<'mock'> = (_settings, naming, deps) => createMock({ ...naming, ...deps }, deps.client);
