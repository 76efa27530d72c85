// The severity that the built-in tables give to what a few facts say: for the tests of a rules file, where there is no
// vendor's payload to look at.
import type { Severity } from '../domain/event.ts';
import type { Facts } from '../domain/facts.ts';
import { componentSeverities, incidentSeverities } from './statuspage/severities.ts';
import { severityOf } from './stripe/severities.ts';

/** Undefined where the facts say neither a type of Stripe nor an item of a status page. */
export const builtInSeverity = ({ type, item, status, impact }: Facts): Severity | undefined => {
  if (item === 'maintenance') return 'info';
  if (item === 'incident') return incidentSeverities.get(impact ?? 'minor') ?? 'warning';
  if (item === 'component') return componentSeverities.get(status ?? 'partial_outage') ?? 'warning';
  if (item === 'page') return 'warning';
  return type === undefined
    ? undefined
    : severityOf({ type, id: '', startedAt: '', livemode: true, account: undefined, object: {}, previous: undefined });
};
