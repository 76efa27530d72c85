/** Our pages load from this service only, and have no script or style of their own inside. */
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
