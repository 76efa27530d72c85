import type { KeptSilence } from '../../src/pipeline/kept-silences.ts';

/** From 12:00 to 14:00 on 1 March 2026. */
export const aSilence = (id: string, more: Partial<KeptSilence> = {}): KeptSilence => ({
  id,
  origin: 'api',
  when: { page: 'acme' },
  from: '2026-03-01T12:00:00.000Z',
  until: '2026-03-01T14:00:00.000Z',
  by: null,
  because: 'They move',
  alertIds: [],
  expired_at: null,
  stopped: [],
  ...more,
});
