import { definePart, withDefault } from '../config/declare.ts';
import { flag } from '../config/values.ts';

export const routingConfig = definePart({
  title: 'Routing',
  about: 'Without a rules file: critical events are always sent, info never.',
  prefixes: ['ROUTE_'],
  variables: {
    ROUTE_WARNING: withDefault(flag, 'false', {
      about: 'Whether warnings are sent too. Leave it out when a rules file has `routes`: they decide.',
      example: '',
    }),
    ROUTE_TEST_MODE: withDefault(flag, 'false', {
      about: 'Whether test-mode events of Stripe (`livemode: false`) may reach a destination that reaches people.',
    }),
  },
  read: (env) => ({ routeWarning: env.ROUTE_WARNING, routeTestMode: env.ROUTE_TEST_MODE }),
});
