// How a status page may be named, and which addresses cannot be one.

export const statusPageName = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** Stripe's former status page. */
export const isFrozenStatusPage = ({ hostname }: URL): boolean => hostname === 'status.stripe.com';
export const frozenStatusPageProblem =
  'status.stripe.com has answered "up" to every request since February 2024: use https://www.stripestatus.com';
