import { expect, it } from 'vitest';
import { renderExplanation } from '../../../src/cli/explain/render-explanation.ts';

const at = '2026-03-01T12:00:00.000Z';
const page = { name: 'acme', condition: 'good', reason: null, items: 0, problems: [] };

const dropped = {
  verdict: 'ignored',
  event_id: 'e1',
  event: null,
  facts: null,
  rules: null,
  alert: null,
  routed: false,
  routing_reason: null,
  history: [],
  requests: [],
};

it('a summary in which nothing happens says so, and why the page is not well', () => {
  expect(renderExplanation({ vendor: 'statuspage', at, page: { ...page, reason: 'it is old' }, events: [] })).toBe(
    'A status page\'s summary, taken for the status page "acme": good, for it is old. Items: 0.\n\n' +
      'Nothing would become of it: there is no event in it.',
  );
});

it('an event of which only the id is left is named by it', () => {
  expect(renderExplanation({ vendor: 'stripe', at, page: null, events: [dropped] })).toBe(
    'An event of stripe.\n\nunknown   its event was dropped\n          ignored: e1',
  );
});

it('a message that the destination would refuse stands with the reason, without a request', () => {
  const refused = { destination: 'vendors', action: 'trigger', refused: 'want of an address' };
  const answer = { vendor: 'stripe', at, page: null, events: [{ ...dropped, requests: [refused] }] };
  expect(renderExplanation(answer)).toContain('\n          trigger to vendors: not sent, for want of an address');
});
