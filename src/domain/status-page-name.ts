// How a status page may be named, and the source that it is by that name.

export const statusPageName = /^[a-z0-9][a-z0-9_-]{0,63}$/;

const sourceSuffix = '_status';

/** The source that a status page of this name is: `braze_status` for `braze`. */
export const sourceOfPage = (name: string): string => `${name}${sourceSuffix}`;

/** Whether the source is a status page. */
export const isOfPage = (source: string): boolean => source.endsWith(sourceSuffix);

/** The status page's name; any other source, such as `stripe`, as it is. */
export const pageOfSource = (source: string): string =>
  isOfPage(source) ? source.slice(0, -sourceSuffix.length) : source;

/** A source as people say it: Acme for `acme_status`. */
export const spokenName = (source: string): string => {
  const name = pageOfSource(source);
  return name.charAt(0).toUpperCase() + name.slice(1);
};
