import type { FlightOrdersPort } from '../../actors/ports/flight-orders.ts';
import type { FlightsPort } from '../../actors/ports/flights.ts';
import { amadeusFlights, amadeusPolicy } from '../../adapters/amadeus/flights.ts';
import { duffelFlights, duffelPolicy } from '../../adapters/duffel/flights.ts';
import { duffelOrderPolicy, duffelOrders, duffelReadPolicy } from '../../adapters/duffel/orders.ts';
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
      isOrderable: duffel.orders !== null,
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

/** Orders at Duffel, whose offers alone say that they can be ordered; whom airlines ask. */
export function flightOrdersOf(
  { config }: System,
  contact: NonNullable<System['config']['flights']['duffel']['orders']>,
  adapting: Adapting,
): FlightOrdersPort {
  const { duffel } = config.flights;
  const { log } = adapting.telemetry;
  return duffelOrders({
    ...adapting,
    baseUrl: duffel.apiBase ?? adapting.sandboxOrigin,
    token: duffel.token,
    contact,
    orderPolicy: callPolicy('duffel', duffelOrderPolicy, log),
    readPolicy: callPolicy('duffel', duffelReadPolicy, log),
  });
}
