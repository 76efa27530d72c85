import type { Rules } from './rules.ts';

/** What a file may hold and this version does not act on, each as a sentence: nobody may rely on it in silence. */
export const withoutEffect = (rules: Rules): readonly string[] => [
  ...rules.rates.map(
    ({ place, name }) => `${place}: the rate "${name}" has no effect yet: this version opens no alert by a rate`,
  ),
  ...[...(rules.destinations ?? [])].flatMap(([name, settings]) =>
    settings.type === 'pagerduty' && settings.maintenance !== undefined
      ? [`destination ${name}: "maintenance" has no effect yet: this version sends no change events`]
      : [],
  ),
];
