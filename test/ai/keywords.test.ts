import { expect, it } from 'vitest';
import { keywordSummarizer } from '../../src/ai/keywords.ts';

const summarize = (text: string) => keywordSummarizer.summarize(text);

it('is called by a name that does not promise a model', () => {
  expect(keywordSummarizer.name).toBe('keyword-stub');
});

it.each([
  ['The payment API is down.', 'critical'],
  ['A major OUTAGE in Europe', 'critical'],
  ['Checkout is unavailable for all customers', 'critical'],
  ['We see 503 errors', 'critical'],
  ['Customers cannot pay', 'critical'],
  ['The database was breached', 'critical'],
  ['Elevated latency and some delays', 'warning'],
  ['The charge was declined', 'warning'],
  ['Requests timed out; retrying', 'warning'],
  ['We are investigating', 'warning'],
  ['Scheduled maintenance on Sunday', 'info'],
  ['Hello there', 'info'],
  ['A download of the countdown', 'info'],
  ['The outage is resolved', 'info'],
  ['Service was down and has recovered', 'info'],
  ['The outage is not resolved', 'critical'],
  ['The outage is unresolved', 'critical'],
])('"%s" is %s', async (text, severity) => {
  expect(await summarize(text)).toMatchObject({ severity });
});

it.each([
  ['the sentence with the most telling words', 'Hello. The API is down. Thank you.', 'The API is down.'],
  ['the first of equals', 'It is slow. It is late. It is delayed.', 'It is slow.'],
  ['the first, where none tells anything', 'One thing. Another thing.', 'One thing.'],
  ['a line of its own', 'Hi all\nall payments fail\r\nbye', 'all payments fail'],
  ['a text without a full stop', '  the API is slow  ', 'the API is slow'],
  ['one line', 'all\u2028down', 'all down'],
])('the summary is %s', async (_, text, summary) => {
  expect(await summarize(text)).toMatchObject({ summary });
});

it.each([
  ['200 characters stay', 'x'.repeat(200), 'x'.repeat(200)],
  ['201 are cut', 'x'.repeat(201), `${'x'.repeat(199)}…`],
  ['a surrogate pair is not split', `${'x'.repeat(198)}😀yy`, `${'x'.repeat(198)}…`],
])('a long sentence: %s', async (_, text, summary) => {
  expect(await summarize(text)).toMatchObject({ summary });
});

it('says the same of the same text, in words of the text', async () => {
  const text = 'We had reports. Payouts fail with 500 errors, and all payments are delayed. More soon.';
  const first = await summarize(text);
  expect(first).toEqual({
    summary: 'Payouts fail with 500 errors, and all payments are delayed.',
    severity: 'critical',
  });
  await summarize('Something else is down.');
  expect(await summarize(text)).toEqual(first);
});
