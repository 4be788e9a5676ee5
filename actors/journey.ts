import * as v from 'valibot';

import { bookingMachine } from '../machines/booking.ts';
import { caseMachine } from '../machines/case.ts';
import type { Performer } from './kernel/ports.ts';
import type { FlightQuery, FlightsPort } from './ports/flights.ts';
import type { MessagingPort, OutboundMessage } from './ports/messaging.ts';
import type { CheckoutOrder, PaymentsPort } from './ports/payments.ts';
import { buttonTitle, isTextKey, renderText, type TextKey } from './texts.ts';

/** The journey's machines by the name they are hosted under, children in place. */
export const journeyMachines = {
  case: { machine: caseMachine.provide({ actors: { booking: bookingMachine } }) },
} as const;

export interface JourneyPorts {
  readonly messaging: MessagingPort;
  readonly flights: FlightsPort;
  readonly payments: PaymentsPort;
}

const Text = v.pipe(v.string(), v.maxLength(1_000));
const Airport = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));
const Day = v.pipe(v.string(), v.isoDate());
const Time = v.pipe(v.string(), v.isoTimestamp());

const Money = v.strictObject({
  amountMinor: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
});

const OfferLine = v.object({
  price: Money,
  flight: Text,
  from: Text,
  to: Text,
  departLocal: Text,
  arriveLocal: Text,
  stops: v.number(),
});

const Recipient = v.pipe(
  v.strictObject({ phone: v.exactOptional(Text), userId: v.exactOptional(Text) }),
  v.check(({ phone, userId }) => phone !== undefined || userId !== undefined, 'Nobody to write to'),
);

/** The parameters of the machines' `sendMessage`. `purpose` is what consent is asked for; the host checks it. */
export const MessageToPatient = v.strictObject({
  recipient: Recipient,
  lang: v.string(),
  text: v.custom<TextKey>((key) => typeof key === 'string' && isTextKey(key), 'No such text'),
  values: v.record(v.string(), v.union([Text, v.number(), Money, v.array(OfferLine)])),
  buttons: v.exactOptional(v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(3))),
  purpose: v.literal('service'),
});

const Query = v.strictObject({
  origin: Airport,
  destination: Airport,
  departDate: Day,
  returnDate: v.exactOptional(Day),
  adults: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9)),
  childrenAges: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(17))),
  currency: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
}) satisfies v.GenericSchema<unknown, FlightQuery>;

const Order = v.strictObject({
  caseId: Text,
  bookingId: Text,
  total: Money,
  title: Text,
  expiresAt: Time,
}) satisfies v.GenericSchema<unknown, CheckoutOrder>;

const CheckoutToRead = v.strictObject({ checkoutId: v.pipe(v.string(), v.minLength(1)) });

function outbound({
  text,
  lang,
  values,
  buttons,
}: v.InferOutput<typeof MessageToPatient>): OutboundMessage {
  const body = renderText(text, lang, values);
  if (buttons === undefined) return { kind: 'text', body };
  return {
    kind: 'buttons',
    body,
    buttons: buttons.map((id) => ({ id, title: buttonTitle(id, lang) })),
  };
}

/** Who performs what the journey's machines ask for, by the name they ask for it. Every input is parsed first. */
export function journeyPerformers({ messaging, flights, payments }: JourneyPorts) {
  return {
    sendMessage: {
      perform: async (input, performing) => {
        const parsed = v.parse(MessageToPatient, input);
        return messaging.send(
          { recipient: parsed.recipient, message: outbound(parsed) },
          performing,
        );
      },
      resolution: 'none',
      port: 'messaging',
      inOrder: true, // What a patient reads first was said first.
      timeoutMs: 30_000,
    },
    searchFlights: {
      perform: async (input, performing) => flights.search(v.parse(Query, input), performing),
      resolution: 'key', // Reading only: searching again does no harm.
      port: 'flights',
      topic: 'travel.offer.generated',
      timeoutMs: 60_000,
    },
    openCheckout: {
      perform: async (input, performing) =>
        payments.openCheckout(v.parse(Order, input), performing),
      resolution: 'key',
      port: 'payments',
      timeoutMs: 45_000,
    },
    readCheckout: {
      perform: async (input, performing) =>
        payments.readCheckout(v.parse(CheckoutToRead, input).checkoutId, performing),
      resolution: 'key',
      port: 'payments',
      timeoutMs: 45_000,
    },
  } as const satisfies Record<string, Performer>;
}
