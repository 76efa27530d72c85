import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';

it('gives the metrics as Prometheus reads them', async () => {
  const { request } = await startService();
  const response = await request('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toMatch(/^vendor_signals_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
});

it('needs the token, as everything does', async () => {
  const { request } = await startService({ API_TOKEN: 'hush' });
  expect((await request('/metrics')).status).toBe(401);
  expect((await request('/metrics', { headers: { authorization: 'Bearer hush' } })).status).toBe(200);
});
