import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createTeams } from '../../../src/sinks/teams/destination.ts';
import { toTeamsMessage } from '../../../src/sinks/teams/message.ts';
import { destinationContract, requestOf } from '../../contract/destination.ts';
import { network } from '../../support/network.ts';
import { aDelivery, aMember, anAlert, aRequest, tellable } from '../../support/telling.ts';

const url =
  'https://prod-01.westeurope.logic.azure.com/workflows/0123456789abcdef/triggers/manual/paths/invoke?sig=s3cretSIGNATURE';
const teams = (address = url, timeoutMs = 10_000) =>
  createTeams(
    { name: 'chat', reachesPeople: true, fallback: null, url: address, timeoutMs },
    createHttpClient(noProxySettings),
  );

destinationContract('Teams', {
  url: 'https://prod-01.westeurope.logic.azure.com/workflows/0123456789abcdef/triggers/manual',
  accept: () => new HttpResponse(null, { status: 202 }),
  odd: [201, 204],
  hasSecretPath: true,
  create: ({ url: address, timeoutMs }) => teams(address, timeoutMs),
});

it('the signature in the address reaches neither the preview nor an error', async () => {
  network.use(http.post(/logic\.azure\.com/, ({ request }) => new HttpResponse(request.url, { status: 400 })));
  const result = await teams().send(requestOf('trigger'));
  const shown = JSON.stringify([result, teams().preview(requestOf('trigger'))]);
  expect(shown).not.toContain('s3cretSIGNATURE');
  expect(shown).not.toContain('0123456789abcdef');
});

it('posts an adaptive card with what is wrong, since when, and links', () => {
  const about = tellable(
    {
      source: 'acme_status',
      kind: 'incident',
      summary: 'API errors',
      description: 'We *look* [into](https://evil.test) it.',
    },
    { page_name: 'Acme', url: 'https://stspg.io/abc' },
  );
  const message = toTeamsMessage(
    aRequest({ about, alert: anAlert({ title: 'API errors' }), publicUrl: 'https://ops.test' }),
  );
  expect(message).toMatchObject({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          actions: [
            { type: 'Action.OpenUrl', title: 'Acme status page', url: 'https://stspg.io/abc' },
            { type: 'Action.OpenUrl', title: 'Alert in vendor-signals', url: 'https://ops.test/alerts/evt_1' },
          ],
        },
      },
    ],
  });
  const text = JSON.stringify(message);
  for (const part of ['API errors', 'Acme', '2026-03-01 12:00 UTC', 'critical']) expect(text).toContain(part);
  // Text blocks would make links of what a vendor writes.
  expect(text).not.toContain('"TextBlock"');
});

it.each(['x', '€', '\u0001', '😀'])('a card of a million times %j fits Teams', (unit) => {
  const text = unit.repeat(1_000_000);
  const members = Array.from({ length: 500 }, (_, at) => aMember({ event_id: `c${at}`, title: text }));
  const about = tellable(
    { summary: text, description: text, service: text },
    { group: text, reason: text, page_name: text },
  );
  const message = toTeamsMessage(aRequest({ about, alert: anAlert({ title: text, members }) }));
  expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(28_000);
});

it('a card that stands in for another destination says so, and lists what is over', () => {
  const failed = aDelivery({ destination: 'pager', target: 'test:pager', status: 'failed' });
  const delivery = aDelivery({ reason: 'fallback', destination: 'chat', target: 'test:chat', ordinal: 2 });
  const members = [aMember({ title: 'API', ended_at: '2026-03-01T12:10:00.000Z' }), aMember({ title: 'Web' })];
  const text = JSON.stringify(
    toTeamsMessage(aRequest({ delivery, alert: anAlert({ members, deliveries: [failed, delivery] }) })),
  );
  expect(text).toContain('Sent here because the destination \\"pager\\" did not accept it.');
  expect(text).toContain('"• API (over)"');
  expect(text).toContain('"• Web"');
});
