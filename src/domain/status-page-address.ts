// How a status page may be named, the source that it is by that name, and which addresses cannot be one.

export const statusPageName = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const sourceSuffix = '_status';

/** The source that a status page of this name is: `braze_status` for `braze`. */
export const sourceOfPage = (name: string): string => `${name}${sourceSuffix}`;

/** The status page's name; any other source, such as `stripe`, as it is. */
export const pageOfSource = (source: string): string =>
  source.endsWith(sourceSuffix) ? source.slice(0, -sourceSuffix.length) : source;

/** Stripe's former status page. A host name may end with a dot. */
export const isFrozenStatusPage = ({ hostname }: URL): boolean => /^status\.stripe\.com\.?$/.test(hostname);
export const frozenStatusPageProblem =
  'status.stripe.com has answered "up" to every request since February 2024: use https://www.stripestatus.com';
