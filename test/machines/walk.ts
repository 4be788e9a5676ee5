import assert from 'node:assert/strict';

import {
  createActor,
  fromPromise,
  SimulatedClock,
  type Actor,
  type PromiseActorLogic,
} from 'xstate';

import { bookingMachine } from '../../machines/booking.ts';
import { caseMachine, type CaseEvent, type CaseInput } from '../../machines/case.ts';

export const hour = 60 * 60 * 1_000;
export const day = 24 * hour;

/** Where every walk's clock starts. */
const start = Date.parse('2027-01-01T09:00:00Z');

interface Sent {
  readonly text: string;
  readonly lang: string;
  readonly recipient: unknown;
  readonly values: Readonly<Record<string, unknown>>;
  readonly buttons?: readonly string[];
  readonly purpose: string;
}

interface Call {
  readonly name: string;
  readonly input: unknown;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

export type Walk = ReturnType<typeof startCase>;

/** Lets promise actors report to their parents. */
export const settled = async (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A case in memory: what it says is in `sent`, what it asks of the world waits in `calls` until it is answered. */
export function startCase(input: Partial<CaseInput> = {}) {
  const clock = new SimulatedClock();
  const sent: Sent[] = [];
  const calls: Call[] = [];
  const sendMessage = (_: unknown, message: unknown) => void sent.push(message as Sent);
  const asked = <Output, Input>(name: string): PromiseActorLogic<Output, Input> =>
    fromPromise<Output, Input>(
      async ({ input, signal }) =>
        new Promise((resolve, reject) => {
          const call: Call = {
            name,
            input,
            resolve: (output) => resolve(output as Output),
            reject,
          };
          calls.push(call);
          signal.addEventListener('abort', () => calls.splice(calls.indexOf(call), 1));
        }),
    );

  const machine = caseMachine.provide({
    actions: { sendMessage },
    actors: {
      searchFlights: asked('searchFlights'),
      booking: bookingMachine.provide({
        actions: { sendMessage },
        actors: { openCheckout: asked('openCheckout'), readCheckout: asked('readCheckout') },
      }),
    },
  });
  const actor: Actor<typeof machine> = createActor(machine, {
    clock,
    input: {
      tenant: 'anadolu',
      caseId: 'case-1',
      contact: { userId: null, phone: '491700000001' },
      lang: 'en',
      ...input,
    },
  });
  actor.subscribe((snapshot) => {
    const booking = snapshot.children['booking'];
    for (const context of [snapshot.context, booking?.getSnapshot().context ?? null]) {
      assert.deepEqual(JSON.parse(JSON.stringify(context)), context);
    }
    assert.ok(JSON.stringify(snapshot.context).length < 4_000, 'The context stays small');
  });
  actor.start();

  let messages = 0;
  const at = () => new Date(start + clock.now()).toISOString();
  const send = (event: CaseEvent) => actor.send(event);
  const inbound = (what: { kind: 'text'; text: string } | { kind: 'button'; buttonId: string }) =>
    send({
      type: 'whatsapp.inbound',
      messageId: `wamid.${++messages}`,
      lang: null,
      at: at(),
      ...what,
    });

  return {
    actor,
    clock,
    sent,
    calls,
    at,
    send,
    write: (text: string) => inbound({ kind: 'text', text }),
    press: (buttonId: string) => inbound({ kind: 'button', buttonId }),
    /** The keys of what was said since the last time this was asked. */
    said(): string[] {
      return sent.splice(0).map(({ text }) => text);
    },
    state: () => actor.getSnapshot(),
    has: (tag: string) => actor.getSnapshot().hasTag(tag as 'with-staff'),
    async answer(name: string, output: unknown) {
      const index = calls.findIndex((call) => call.name === name);
      assert.notEqual(index, -1, `Nobody asked for ${name}`);
      const [call] = calls.splice(index, 1);
      call?.resolve(output);
      await settled();
      return call?.input;
    },
    async fail(name: string) {
      const index = calls.findIndex((call) => call.name === name);
      assert.notEqual(index, -1, `Nobody asked for ${name}`);
      calls.splice(index, 1)[0]?.reject(new Error('no'));
      await settled();
    },
    payment(
      type: 'payment.succeeded' | 'payment.expired' | 'payment.failed',
      bookingId = 'case-1-b1',
    ) {
      const word = { provider: 'stripe', checkoutId: `cs_${bookingId}`, bookingId, at: at() };
      send(type === 'payment.succeeded' ? { type, amount: price, ...word } : { type, ...word });
    },
  };
}

export const price = { amountMinor: '21000', currency: 'EUR' } as const;

/** As a flights adapter answers, with `count` flights. */
export const flights = (count: number, expiresAt: string | null = null) => ({
  provider: 'duffel',
  expiresAt,
  offers: Array.from({ length: count }, (_, index) => ({
    id: `off_${index + 1}`,
    price: { ...price, amountMinor: String(21_000 + 1_000 * index) },
    legs: [
      {
        durationMinutes: 185,
        segments: [
          {
            carrier: 'TK',
            flightNumber: String(1722 + index),
            from: 'BER',
            to: 'IST',
            departLocal: '2027-02-01T10:40:00',
            arriveLocal: '2027-02-01T15:45:00',
            durationMinutes: 185,
          },
        ],
      },
    ],
  })),
});

export const checkout = (bookingId = 'case-1-b1') => ({
  provider: 'stripe',
  checkoutId: `cs_${bookingId}`,
  url: `https://pay.example/${bookingId}`,
  expiresAt: '2027-01-02T08:00:00.000Z',
});

export const paid = (change: Readonly<Record<string, unknown>> = {}) => ({
  checkoutId: 'cs_case-1-b1',
  bookingId: 'case-1-b1',
  status: 'paid',
  total: price,
  paymentId: 'pi_1',
  ...change,
});

// Walks up to a point of the journey, each starting from the one before.

export function askedConsent(input: Partial<CaseInput> = {}): Walk {
  const walk = startCase(input);
  walk.write('Hello');
  return walk;
}

export function inIntake(): Walk {
  const walk = askedConsent();
  walk.press('consent:yes');
  return walk;
}

export function inSearch(): Walk {
  const walk = inIntake();
  walk.write('Berlin');
  walk.write('01.02.2027');
  walk.write('2');
  return walk;
}

export async function offered(count = 3, expiresAt: string | null = null): Promise<Walk> {
  const walk = inSearch();
  await walk.answer('searchFlights', flights(count, expiresAt));
  return walk;
}

export async function accepted(): Promise<Walk> {
  const walk = await offered();
  walk.press('offer:1');
  return walk;
}

export async function awaitingPayment(): Promise<Walk> {
  const walk = await accepted();
  await walk.answer('openCheckout', checkout());
  walk.said();
  return walk;
}

export async function confirmed(): Promise<Walk> {
  const walk = await awaitingPayment();
  walk.payment('payment.succeeded');
  await walk.answer('readCheckout', paid());
  return walk;
}
