import type { FlightsPort } from '../../actors/ports/flights.ts';
import { amadeusFlights, amadeusPolicy } from '../../adapters/amadeus/flights.ts';
import { duffelFlights, duffelPolicy } from '../../adapters/duffel/flights.ts';
import { callPolicy } from '../../adapters/policy.ts';
import type { Adapting } from './adapting.ts';
import type { System } from './system.ts';

/** Flights from the provider of the settings. */
export function flightsOf({ config, redis }: System, adapting: Adapting): FlightsPort {
  const { provider, duffel, amadeus } = config.flights;
  const { sandboxOrigin } = adapting;
  const { log } = adapting.telemetry;
  if (provider === 'duffel') {
    return duffelFlights({
      ...adapting,
      baseUrl: duffel.apiBase ?? sandboxOrigin,
      token: duffel.token,
      policy: callPolicy('duffel', duffelPolicy, log),
    });
  }
  const { apiBase, ...client } = amadeus;
  return amadeusFlights({
    ...adapting,
    ...client,
    baseUrl: apiBase ?? sandboxOrigin,
    redis: redis.shared.client,
    policy: callPolicy('amadeus', amadeusPolicy, log),
  });
}
