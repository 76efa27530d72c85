// An alert as an adaptive card for a Workflows webhook of Microsoft Teams.
// https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using: 28 KB at most.
import type { SendRequest } from '../destination.ts';
import { formatMoment, headingOf, type Notice, noticeOf, toneOf } from '../notice.ts';

const maxBytes = 27_000;

const colours = { critical: 'Attention', warning: 'Warning', info: 'Accent', resolved: 'Good' } as const;

/** Text of others stands in text runs, which know no markup. */
const run = (text: string, more: object = {}) => ({ type: 'TextRun', text, ...more });
const line = (inlines: readonly object[], more: object = {}) => ({ type: 'RichTextBlock', inlines, ...more });

const labelled = (label: string, value: string) =>
  line([run(`${label}: `, { weight: 'Bolder' }), run(value)], { spacing: 'Small' });

interface Parts {
  readonly description: boolean;
  readonly events: boolean;
}

const cardOf = (notice: Notice, { description, events }: Parts) => {
  const { title, news, why, facts, since, until, links, moreEvents } = notice;
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    msteams: { width: 'Full' },
    body: [
      line([run(headingOf(notice), { weight: 'Bolder', size: 'Large', color: colours[toneOf(notice)] })]),
      ...(news === title ? [] : [line([run(news)])]),
      ...(why === null ? [] : [line([run(why, { color: 'Warning' })])]),
      ...facts.map(({ label, value }) => labelled(label, value)),
      labelled('Since', formatMoment(since)),
      ...(until === null ? [] : [labelled('Until', formatMoment(until))]),
      ...(events
        ? notice.events.map((each) =>
            line([run(`• ${each.title}${each.isOver ? ' (over)' : ''}`)], { spacing: 'Small' }),
          )
        : []),
      ...(events && moreEvents > 0 ? [line([run(`and ${moreEvents} more`)], { spacing: 'Small' })] : []),
      ...(description && notice.description !== null ? [line([run(notice.description)])] : []),
    ],
    actions: links.map(({ href, text }) => ({ type: 'Action.OpenUrl', title: text, url: href })),
  };
};

const messageWith = (notice: Notice, parts: Parts) => ({
  type: 'message',
  attachments: [
    { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: cardOf(notice, parts) },
  ],
});

/** What would be too large goes without the vendor's words, and then without the list of events. */
export const toTeamsMessage = (request: SendRequest): unknown => {
  const notice = noticeOf(request);
  const choices = [
    { description: true, events: true },
    { description: false, events: true },
    { description: false, events: false },
  ].map((parts) => messageWith(notice, parts));
  return choices.find((message) => Buffer.byteLength(JSON.stringify(message)) <= maxBytes) ?? choices.at(-1);
};
