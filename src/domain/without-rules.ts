// Rules that throw must cost nobody a notification.
import { environmentRules } from './rules/rules.ts';
import type { Policy } from './ruling.ts';

/**
 * The policy when the rules throw: the environment's table, to all destinations that reach people, or to all where none
 * does. Each reason names the fault.
 */
export const withoutRules = (policy: Policy, fault: string): Policy => {
  const people = policy.destinations.filter(({ reachesPeople }) => reachesPeople);
  const destinations = people.length > 0 ? people : policy.destinations;
  const rules = environmentRules({
    routeWarning: policy.routeWarning,
    destinations: destinations.map(({ name }) => name),
  });
  return {
    ...policy,
    destinations,
    silences: [],
    rules: {
      ...rules,
      fold: 'none',
      routes: rules.routes.map((route) => ({ ...route, because: `${route.because}; ${fault}` })),
    },
  };
};
