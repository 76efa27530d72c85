import { expect, it } from 'vitest';
import { startApi } from '../../support/api.ts';

it('gives the metrics as Prometheus reads them', async () => {
  const { request } = startApi();
  const response = await request('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await response.text()).toMatch(/^vendor_signals_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
});

it('needs the token, as everything does', async () => {
  const { request } = startApi({ apiToken: 'hush' });
  expect((await request('/metrics')).status).toBe(401);
  expect((await request('/metrics', { headers: { authorization: 'Bearer hush' } })).status).toBe(200);
});
