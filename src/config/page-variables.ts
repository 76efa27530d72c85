/** The status pages that have a variable of their own, by name; the others are in STATUS_PAGES. */
export const pageVariables: ReadonlyMap<string, string> = new Map([
  ['spreedly', 'SPREEDLY_STATUS_SUMMARY_URL'],
  ['braze', 'BRAZE_STATUS_SUMMARY_URL'],
]);
