import { expect, it } from 'vitest';
import { ownSegments } from '../../src/http/config.ts';
import { startService } from '../support/service.ts';

it('no base path may begin like a route of this service', async () => {
  const { app } = await startService();
  for (const { path } of app.routes) {
    const segment = path.split('/')[1] ?? '';
    if (segment !== '' && segment !== '*') expect(ownSegments, path).toContain(segment);
  }
});
