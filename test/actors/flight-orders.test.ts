import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { ProviderBusy, ProviderUnreachable } from '../../actors/errors.ts';
import {
  flightOrderPerformers,
  type FlightOrderPorts,
} from '../../actors/performers/flight-orders.ts';
import type { FlightOrder } from '../../actors/shapes/flight-orders.ts';

const performing = {
  caseId: 'case-1',
  effectId: 'case-1.9.0',
  attempt: 1,
  signal: new AbortController().signal,
  tenant: 'clinic',
};
const input = {
  orderId: 'case-1-b1-f1',
  bookingId: 'case-1-b1',
  provider: 'duffel',
  offerId: 'off_1',
  expect: { amountMinor: '21000', currency: 'EUR' },
} as const;
const refusedFor = (reason: 'passenger-data' | 'offer-gone'): FlightOrder => ({
  state: 'refused',
  reason,
  code: null,
  now: null,
});

/** Performers over ports that note what they are asked, each replaced by what is given. */
function world(travellers: Partial<FlightOrderPorts['travellers']>, answer: FlightOrder) {
  const asked: string[] = [];
  const noting =
    <T>(what: string, value: T) =>
    async () => {
      asked.push(what);
      return value;
    };
  const performers = flightOrderPerformers({
    flightOrders: {
      order: noting('order', answer),
      find: noting('find', null),
      read: noting('read', answer),
    },
    travellers: {
      close: noting('close', 2),
      read: noting('travellers', []),
      reopen: noting('reopen', undefined),
      ...travellers,
    },
  });
  return { asked, performers };
}

suite('ordering flights', () => {
  test('closes the form first, and opens it again only for what its travellers can mend', async () => {
    for (const [reason, steps] of [
      ['passenger-data', ['close', 'travellers', 'order', 'reopen']],
      ['offer-gone', ['close', 'travellers', 'order']],
    ] as const) {
      const { asked, performers } = world({}, refusedFor(reason));
      await performers.orderFlights.perform(input, performing);
      assert.deepEqual(asked, steps);
    }
    const { asked, performers } = world({ close: async () => 0 }, refusedFor('offer-gone'));
    const order = await performers.orderFlights.perform(input, performing);
    assert.deepEqual(
      [order.state === 'refused' && order.reason, asked],
      ['no-travellers', ['reopen']],
    );
  });

  test('is tried again where our own database is away, for that leaves no doubt about the order', async () => {
    const away = async () => {
      throw new ProviderUnreachable('travellers', 'connection_broken');
    };
    for (const port of [{ close: away }, { read: away }, { reopen: away }]) {
      const { performers } = world(port, refusedFor('passenger-data'));
      await assert.rejects(performers.orderFlights.perform(input, performing), ProviderBusy);
    }
  });

  test('that is in doubt and not found is pending, and never made again', async () => {
    const { asked, performers } = world({}, refusedFor('offer-gone'));
    assert.deepEqual(await performers.orderFlights.lookup(input, performing), {
      output: { state: 'pending' },
    });
    assert.deepEqual(asked, ['find']);
  });
});
