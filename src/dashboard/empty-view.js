// What a system says that has nothing to show: how to send it the first signal.
import { element } from './dom.js';

/** @param {Element} section */
export const showEmpty = (section) => {
  // With the path of a proxy, if the dashboard lies under one.
  const base = new URL('.', location.href).href.replace(/\/$/, '');
  section.replaceChildren(
    element('h2', { id: 'empty-title' }, 'Nothing has been received yet'),
    element('p', {}, 'Send the first signal from a shell, in the folder of the service:'),
    element(
      'pre',
      { tabindex: '0', 'aria-label': 'Commands' },
      element(
        'code',
        {},
        [
          '# signs a Stripe fixture as Stripe does, and posts it',
          `npm run send -- fixtures/stripe/payout_failed.json --url ${base}/ingest/stripe`,
          '',
          '# reads the status pages now',
          `curl -s -X POST ${base}/ingest/pull-status`,
        ].join('\n'),
      ),
    ),
    element(
      'p',
      { class: 'calm' },
      'With an API_TOKEN, add -H "Authorization: Bearer $API_TOKEN" to curl. For the real thing, point a Stripe webhook endpoint at ',
      element('code', {}, `${base}/ingest/stripe`),
      ' and set the URLs of your status pages. What arrives appears here by itself.',
    ),
  );
};
