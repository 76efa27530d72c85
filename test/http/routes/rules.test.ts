import { expect, it } from 'vitest';
import { startApi } from '../../support/api.ts';

it('without a file the rules of the environment are shown', async () => {
  expect(await startApi().json('/rules')).toEqual({
    file: null,
    hash: null,
    loaded_at: null,
    last_load: null,
    rules: expect.objectContaining({ fold: 'outage' }),
  });
});
