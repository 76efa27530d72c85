// The answer of POST /routing/explain, to be read in a terminal.
import type { DeliveryPreview } from '../../domain/request-preview.ts';
import { type EventExplanation, explanationSchema } from '../../explain/explanation.ts';
import { escapeUnsafe } from '../../lib/text.ts';
import { plain } from '../text.ts';

const indent = (text: string, by: number): string => text.replace(/^/gm, ' '.repeat(by));

const renderRequest = (preview: DeliveryPreview): string => {
  const { action, destination } = preview;
  if ('refused' in preview) return indent(`${action} to ${destination}: not sent, for ${preview.refused}`, 10);
  const { method, url, headers, body } = preview;
  const head = [`${action} to ${destination}:`, `${method} ${url}`];
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  // The user has the payload, and it may be long.
  const json = JSON.stringify(body, (key, value) => (key === 'raw' ? '(the payload)' : value), 2);
  return indent([...head, ...fields, escapeUnsafe(json)].join('\n'), 10);
};

const renderEvent = ({ verdict, event_id: id, event, routing_reason, requests }: EventExplanation): string =>
  [
    `${(event?.severity ?? 'unknown').padEnd(9)} ${plain(event?.summary ?? 'its event was dropped')}`,
    `          ${verdict}: ${plain(id)}${event ? `, ${event.kind} of ${event.source}` : ''}`,
    ...(routing_reason === null ? [] : [`          ${plain(routing_reason)}`]),
    ...requests.map(renderRequest),
  ].join('\n');

export const renderExplanation = (answer: unknown): string => {
  const { vendor, page, events } = explanationSchema.parse(answer);
  const reason = page?.reason ? `, for ${page.reason}` : '';
  const readAs = page
    ? `A status page's summary, taken for the status page "${page.name}": ${page.condition}${reason}. Items: ${page.items}.`
    : `An event of ${vendor}.`;
  const problems = (page?.problems ?? []).map((problem) => `Left out: ${plain(problem)}`);
  const none = events.length === 0 ? ['Nothing would become of it: there is no event in it.'] : [];
  return [[plain(readAs), ...problems].join('\n'), ...none, ...events.map(renderEvent)].join('\n\n');
};
