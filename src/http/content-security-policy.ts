/** Whatever a page of ours may load comes from this service, and no script or style stands in a page itself. */
const usual: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'form-action': "'self'",
  'base-uri': "'none'",
  'frame-ancestors': "'none'",
};

/** @param directives what is other than usual, by the directive's name */
export const contentSecurityPolicy = (directives: Readonly<Record<string, string>> = {}): string =>
  Object.entries({ ...usual, ...directives })
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
