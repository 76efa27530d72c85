import * as z from 'zod';
import { definePart, optional, withDefault } from '../../config/declare.ts';
import { setOrNot } from '../../config/show.ts';
import { httpUrl, integer, noQuotes } from '../../config/values.ts';
import { eventsUrlProblem, isWrongEventsUrl } from '../../domain/rules/events-url.ts';
import { publicUrl } from '../../lib/text.ts';

/** https://support.pagerduty.com/main/docs/service-regions */
export const regionUrls = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

const eventsUrl = httpUrl.refine((text) => !isWrongEventsUrl(text), eventsUrlProblem);

export const pagerDutyConfig = definePart({
  title: 'PagerDuty',
  prefixes: ['PAGERDUTY_'],
  variables: {
    PAGERDUTY_ROUTING_KEY: optional(z.string().refine(noQuotes, 'a routing key must not contain quotes'), {
      about:
        'The integration key of an Events API v2 integration. Not set: notifications go to the mock of this service.',
      show: setOrNot,
    }),
    PAGERDUTY_EVENTS_URL: withDefault(eventsUrl, regionUrls.us, {
      about: `Where events are sent. The European service region of PagerDuty has \`${regionUrls.eu}\`.`,
      show: publicUrl,
    }),
    PAGERDUTY_PER_MINUTE: withDefault(integer(0, 100_000), '100', {
      about: 'At most this many requests in any 60 seconds, all replicas together; `0` for no limit.',
    }),
  },
  warnings({ PAGERDUTY_ROUTING_KEY: key }) {
    return key === undefined || /^[A-Za-z0-9]{32}$/.test(key)
      ? []
      : ['PAGERDUTY_ROUTING_KEY is not 32 letters and digits: PagerDuty will refuse it'];
  },
  read: (env) => ({
    routingKey: env.PAGERDUTY_ROUTING_KEY ?? null,
    eventsUrl: env.PAGERDUTY_EVENTS_URL,
    perMinute: env.PAGERDUTY_PER_MINUTE,
  }),
});
