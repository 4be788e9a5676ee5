import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { FlightOrder, FlightOrderRequest } from '../../actors/shapes/flight-orders.ts';
import type { Traveller } from '../../actors/shapes/travellers.ts';
import { duffelFlights, duffelPolicy } from '../../adapters/duffel/flights.ts';
import { duffelOrderPolicy, duffelOrders, duffelReadPolicy } from '../../adapters/duffel/orders.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { waitUntil } from '../support/wait.ts';
import { performing, quick, startProvider, type Provider } from './fixtures.ts';

const person = (givenName: string, bornOn: string): Traveller => ({
  givenName,
  familyName: 'Yılmaz',
  bornOn,
  sex: 'f',
  passport: { number: 'U12345678', issuingCountry: 'TR', expiresOn: '2034-01-01' },
});
const two = [person('Ayşe', '1980-05-01'), person('Fatma', '1955-02-03')];
const contact = { email: 'flights@example.org', phone: '+902120000000' };

let provider: Provider;
before(async () => {
  provider = await startProvider();
});
after(async () => provider.close());
beforeEach(async () => provider.fault({ provider: 'duffel', mode: 'none' }));

const common = (token: string) => ({
  baseUrl: provider.sandbox.origin,
  token,
  dispatcher: provider.dispatcher,
  telemetry: provider.telemetry,
});
const orders = (token = sandboxSecrets.duffelToken, timeoutMs = 2_000) =>
  duffelOrders({
    ...common(token),
    contact,
    orderPolicy: quick('duffel', { ...duffelOrderPolicy, timeoutMs }),
    readPolicy: quick('duffel', duffelReadPolicy),
  });

let bookings = 0;
/** The cheapest flight of a route, to be ordered under an id of its own. */
async function chosen(route = 'BER-IST', childrenAges: readonly number[] = []) {
  const [origin = '', destination = ''] = route.split('-');
  const search = duffelFlights({
    ...common(sandboxSecrets.duffelToken),
    policy: quick('duffel', duffelPolicy),
    isOrderable: true,
  });
  const query = { origin, destination, departDate: '2027-03-01', adults: 2, childrenAges };
  const found = await search.search(query, performing());
  assert.equal(found.isOrderable, true);
  const [offer, other] = found.offers;
  assert.ok(offer && other);
  const bookingId = `case-1-b${++bookings}`;
  const request: FlightOrderRequest = {
    orderId: `${bookingId}-f1`,
    bookingId,
    provider: 'duffel',
    offerId: offer.id,
    expect: offer.price,
  };
  return { request, other: { ...request, offerId: other.id, expect: other.price } };
}
const made = async ({ orderId }: FlightOrderRequest) =>
  (await provider.applied('order')).filter(({ key }) => key === orderId).length;
const isOrdered = (order: FlightOrder | null) => {
  assert.ok(order?.state === 'ordered', JSON.stringify(order));
  return order;
};

suite('orders at Duffel', () => {
  test('are made once for all travellers, and read again with their tickets', async () => {
    const { request } = await chosen('BER-IST', [7, 1]);
    const family = [...two, person('Can', '2019-06-01'), person('Ela', '2026-01-10')];
    const order = isOrdered(await orders().order(request, family, performing()));
    assert.match(order.pnr, /^[A-Z0-9]{6}$/);
    assert.deepEqual([order.total, order.travellers], [request.expect, 4]);
    const reference = { ...request, orderRef: order.orderRef };
    assert.equal(new Set(order.tickets).size, 4);
    assert.deepEqual(await orders().read(reference, performing()), order);
    assert.deepEqual(await orders().find(request, performing()), order);
    assert.equal(await made(request), 1);
  });

  test('whose answer is lost are found by our id, and never made twice', async () => {
    for (const mode of ['process-then-drop', 'process-then-500', 'process-then-hang'] as const) {
      const { request, other } = await chosen();
      await provider.fault({ provider: 'duffel', mode, operation: 'order', count: 1 });
      await assert.rejects(
        orders(undefined, 500).order(request, two, performing()),
        ProviderUnreachable,
        mode,
      );
      isOrdered(await orders().find(request, performing()));
      // Another try is refused by Duffel itself, for any offer of the search, and is no refusal: there is an order.
      for (const again of [request, other])
        assert.equal((await orders().order(again, two, performing())).state, 'pending');
      assert.equal(await made(request), 1);
    }
  });

  test('that never reached Duffel are tried again later', async () => {
    const { request } = await chosen();
    for (const mode of ['error503', 'busy429'] as const) {
      await provider.fault({ provider: 'duffel', mode, operation: 'order' });
      await assert.rejects(orders().order(request, two, performing()), ProviderBusy, mode);
    }
    // That the offer can't be read leaves no doubt about an order.
    for (const mode of ['process-then-500', 'process-then-drop'] as const) {
      await provider.fault({ provider: 'duffel', mode, operation: 'offer' });
      await assert.rejects(orders().order(request, two, performing()), ProviderBusy, mode);
    }
    await provider.fault({ provider: 'duffel', mode: 'none' });
    await assert.rejects(
      orders('wrong').order(request, two, performing()),
      ProviderCredentialsRefused,
    );
    assert.equal(await orders().find(request, performing()), null);
    assert.equal(await made(request), 0);
  });

  test('are refused for reasons that staff read, and nothing is bought', async () => {
    const [first, second] = two as [Traveller, Traveller];
    for (const [route, travellers, reason] of [
      ['LGW-LHR', two, 'offer-gone'],
      ['LHR-STN', two, 'price-changed'],
      ['LGW-STN', two, 'balance'],
      ['LHR-LGW', two, 'airline-refused'],
      ['BER-IST', [first], 'passenger-data'],
      ['BER-IST', [first, first], 'passenger-data'],
      ['BER-IST', [first, person('Can', '2022-06-01')], 'passenger-data'],
      [
        'BER-IST',
        [first, { ...second, familyName: 'Aaaaaaaaaaaaaaaaaaaaaaaaa' }],
        'passenger-data',
      ],
    ] as const) {
      const { request } = await chosen(route);
      const order = await orders().order(request, travellers as Traveller[], performing());
      assert.deepEqual(
        [order.state, 'reason' in order && order.reason],
        ['refused', reason],
        route,
      );
      assert.equal(await made(request), 0);
    }
    const { request } = await chosen();
    const less = { ...request.expect, amountMinor: '100' };
    assert.deepEqual(await orders().order({ ...request, expect: less }, two, performing()), {
      state: 'refused',
      reason: 'price-changed',
      code: null,
      now: request.expect,
    });
    const gone = { ...request, offerId: 'off_of_another_day' };
    assert.equal((await orders().order(gone, two, performing())).state, 'refused');
  });

  test(
    'that are taken and not known yet are pending, and found once they are there',
    { timeout: 60_000 },
    async () => {
      const open = await Promise.all(
        ['LTN-STN', 'SEN-STN', 'LCY-STN'].map(async (route) => {
          const { request } = await chosen(route);
          assert.equal((await orders().order(request, two, performing())).state, 'pending', route);
          assert.equal(await orders().find(request, performing()), null);
          return request;
        }),
      );
      const [later, accepted, never] = open as [
        FlightOrderRequest,
        FlightOrderRequest,
        FlightOrderRequest,
      ];
      await Promise.all(
        [later, accepted].map(async (request) => {
          const order = isOrdered(
            await waitUntil(() => orders().find(request, performing()), {
              what: request.orderId,
              timeoutMs: 30_000,
            }),
          );
          assert.deepEqual(order.tickets, [], 'They come later than the order');
          const reference = { ...request, orderRef: order.orderRef };
          const tickets = async () =>
            isOrdered(await orders().read(reference, performing())).tickets.length === 2;
          await waitUntil(tickets, { what: 'tickets' });
        }),
      );
      assert.equal(await orders().find(never, performing()), null);
    },
  );
});
