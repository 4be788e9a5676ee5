import type { Performance } from '../kernel/ports.ts';
import type { FlightOrdersPort } from '../ports/flight-orders.ts';
import type { TravellersPort } from '../ports/travellers.ts';
import type { EffectInput } from '../shapes/effects.ts';
import type { FlightOrder } from '../shapes/flight-orders.ts';
import { withoutDoubt, type EffectPerformers } from './performers.ts';

/** What ordering flights works with. */
export interface FlightOrderPorts {
  readonly flightOrders: FlightOrdersPort;
  readonly travellers: Pick<TravellersPort, 'close' | 'read' | 'reopen'>;
}

const pending: FlightOrder = { state: 'pending' };

/**
 * Orders for the travellers that were given last: from here on their form takes nothing more, so that what is ordered is what they see.
 * Where the airline does not take what they gave, it does again.
 */
async function order(
  { flightOrders, travellers }: FlightOrderPorts,
  input: EffectInput<'orderFlights'>,
  performing: Performance,
): Promise<FlightOrder> {
  const { tenant, caseId } = performing;
  const place = { tenant, caseId, bookingId: input.bookingId };
  const version = await withoutDoubt(travellers.close(place, 'ordered'));
  const given = version === 0 ? null : await withoutDoubt(travellers.read(place, version));
  const ordered: FlightOrder =
    given === null
      ? { state: 'refused', reason: 'no-travellers', code: null, now: null }
      : await flightOrders.order(input, given, performing);
  if (ordered.state === 'refused' && ['passenger-data', 'no-travellers'].includes(ordered.reason))
    await withoutDoubt(travellers.reopen(place));
  return ordered;
}

/** Who orders flights, and looks what became of an order. */
export function flightOrderPerformers(ports: FlightOrderPorts) {
  const { flightOrders } = ports;
  return {
    orderFlights: {
      perform: async (input, performing) => order(ports, input, performing),
      // Not found is no proof: what is in doubt is never ordered again here, but looked for by the machine.
      resolution: 'lookup',
      lookup: async (input, performing) => ({
        output: (await flightOrders.find(input, performing)) ?? pending,
      }),
      needs: () => 'consent:service',
      port: 'flightOrders',
      attempts: 20,
      timeoutMs: 140_000, // Duffel gives an airline two minutes.
    },
    findFlightOrder: {
      perform: async (input, performing) => flightOrders.find(input, performing),
      resolution: 'key', // Reading only.
      port: 'flightOrders',
      timeoutMs: 45_000,
    },
    readFlightOrder: {
      perform: async (input, performing) => flightOrders.read(input, performing),
      resolution: 'key', // Reading only.
      port: 'flightOrders',
      timeoutMs: 45_000,
    },
  } satisfies Partial<EffectPerformers>;
}
