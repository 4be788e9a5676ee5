import { oneOf, settingsGroup } from './kit.ts';

/** Who searches flights. */
export const flightSettings = settingsGroup({
  title: 'Flights',
  variables: {
    FLIGHTS_PROVIDER: {
      schema: oneOf(['duffel', 'amadeus'], 'duffel'),
      about: 'Which adapter searches flights: duffel or amadeus.',
    },
  },
  read: (env) => env.FLIGHTS_PROVIDER,
});
