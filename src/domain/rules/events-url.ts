/** Whether it is an address of PagerDuty at which its Events API v2 is not. Proxies may have any path. */
export const isWrongEventsUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /(^|\.)pagerduty\.com$/.test(url.hostname) && url.pathname !== '/v2/enqueue';
};

export const eventsUrlProblem = 'takes no events: at PagerDuty the path of the Events API v2 is /v2/enqueue';
