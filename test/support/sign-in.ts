import type { Service } from './service.ts';

/** Posts the sign-in form as a client that is no browser. */
export const postToken = (
  { request }: Pick<Service, 'request'>,
  token: string,
  { headers = {}, next, address }: { headers?: Record<string, string>; next?: string; address?: string } = {},
): Promise<Response> => {
  const body = new URLSearchParams({ token, ...(next !== undefined && { next }) });
  return request('/login', { method: 'POST', body, headers }, address);
};

/** Signs in, and gives the cookie as the browser sends it back. */
export const signIn = async (
  service: Pick<Service, 'request'>,
  token: string,
  headers: Record<string, string> = {},
): Promise<string> => {
  const response = await postToken(service, token, { headers });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
};
