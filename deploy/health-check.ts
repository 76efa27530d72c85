// Docker's HEALTHCHECK: ends with 0 when the service on this machine answers 200 on /readyz in time, else with 1.
import { get } from 'node:http';

/** Less than the time-out that the Dockerfile sets, so that the reason is printed. */
const timeoutMs = 4000;

const end = (code: 0 | 1, message: string): never => {
  process.stdout.write(`${message}\n`);
  process.exit(code);
};

get(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`, { timeout: timeoutMs }, (response) => {
  let body = '';
  response.on('data', (chunk) => {
    body += chunk;
  });
  response.on('end', () => end(response.statusCode === 200 ? 0 : 1, `${response.statusCode} ${body}`));
})
  .on('timeout', () => end(1, `no answer within ${timeoutMs} ms`))
  .on('error', ({ message }) => end(1, message));
