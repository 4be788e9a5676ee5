/** One whole journey as the events a case gets, for golden snapshots. Effects' outcomes are answered by the effect's name. */
import type { EventBody } from '../../actors/kernel/ports.ts';
import { checkout, flights, paid, price } from './walk.ts';

export interface Step {
  readonly name: string;
  /** ms since the step before. */
  readonly afterMs: number;
  readonly body: EventBody | { readonly answers: string; readonly value: unknown };
}

const start = Date.parse('2027-01-01T09:00:00Z');
const minute = 60_000;
let messages = 0;

const at = new Date(start).toISOString();
const inbound = (what: object): EventBody => ({
  event: {
    type: 'whatsapp.inbound',
    messageId: `wamid.${++messages}`,
    lang: null,
    at,
    ...what,
  } as { type: string },
});
const text = (words: string) => inbound({ kind: 'text', text: words });
const button = (buttonId: string) => inbound({ kind: 'button', buttonId });
const staff = (type: string, more: object = {}): EventBody => ({
  event: { type, at, ...more } as { type: string },
});

const opening: EventBody = {
  create: {
    machine: 'case',
    input: {
      tenant: 'clinic',
      tenantName: 'The Clinic',
      caseId: 'case-1',
      contact: { userId: null, phone: '491700000001' },
      lang: 'en',
    },
  },
};

export const startsAt = start;
export const journeySteps: readonly Step[] = [
  { name: 'contacted', afterMs: 0, body: opening },
  { name: 'consent asked', afterMs: minute, body: text('Hello') },
  { name: 'origin asked', afterMs: minute, body: button('consent:yes') },
  { name: 'date asked', afterMs: minute, body: text('Berlin') },
  { name: 'party asked', afterMs: minute, body: text('2027-02-01') },
  { name: 'searching', afterMs: minute, body: text('2') },
  { name: 'offered', afterMs: minute, body: { answers: 'searchFlights', value: flights(3) } },
  { name: 'checkout opening', afterMs: minute, body: button('offer:1') },
  {
    name: 'awaiting payment',
    afterMs: minute,
    body: { answers: 'openCheckout', value: checkout() },
  },
  {
    name: 'payment checked',
    afterMs: minute,
    body: {
      event: {
        type: 'payment.succeeded',
        provider: 'stripe',
        checkoutId: 'cs_case-1-b1',
        bookingId: 'case-1-b1',
        amount: price,
        at,
      } as { type: string },
    },
  },
  { name: 'travel', afterMs: minute, body: { answers: 'readCheckout', value: paid() } },
  { name: 'treatment', afterMs: minute, body: staff('staff.arrived') },
  { name: 'aftercare', afterMs: minute, body: staff('staff.discharged') },
  { name: 'closed', afterMs: minute, body: staff('staff.close', { reason: 'done' }) },
];
