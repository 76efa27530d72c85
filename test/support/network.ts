// The network as tests see it: msw answers for the vendors, and the loopback is real. Whatever else is asked for
// is an error, never a real request.
import { http, passthrough } from 'msw';
import { setupServer } from 'msw/node';

const local = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//;

export const network = setupServer(http.all(local, () => passthrough()));
