// Which addresses cannot be those of a status page.

/** Stripe's former status page. A host name may end with a dot. */
export const isFrozenStatusPage = ({ hostname }: URL): boolean => /^status\.stripe\.com\.?$/.test(hostname);
export const frozenStatusPageProblem =
  'status.stripe.com has answered "up" to every request since February 2024: use https://www.stripestatus.com';
