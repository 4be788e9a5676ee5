import { assign, raise, sendTo, setup, type DoneActorEvent, type PromiseActorLogic } from 'xstate';

import type { bookingMachine, BookingInput, BookingOutput, Money, Recipient } from './booking.ts';

/** What starts a case. `contact` has at least one of its two; `lang` is a BCP 47 primary tag. */
export interface CaseInput {
  readonly tenant: string;
  readonly caseId: string;
  readonly contact: { readonly userId: string | null; readonly phone: string | null };
  readonly lang: string;
  /** What patients know the tenant by; its id if absent. */
  readonly tenantName?: string;
  /** The tenant's airport; `IST` if absent. */
  readonly destination?: string;
  /** What prices are asked in; `EUR` if absent. */
  readonly currency?: string;
}

/** As actors/ports/flights.ts has it. */
interface FlightQuery {
  readonly origin: string;
  readonly destination: string;
  readonly departDate: string;
  readonly adults: number;
  readonly childrenAges: readonly number[];
  readonly currency: string;
}

interface FlightSegment {
  readonly carrier: string;
  readonly flightNumber: string;
  readonly from: string;
  readonly to: string;
  readonly departLocal: string;
  readonly arriveLocal: string;
}

interface FlightOffers {
  readonly provider: string;
  readonly expiresAt: string | null;
  readonly offers: readonly {
    readonly id: string;
    readonly price: Money;
    readonly legs: readonly { readonly segments: readonly FlightSegment[] }[];
  }[];
}

/** What a message needs of an offer; the whole answer stays in the ledger. Local times, without offset. */
export interface OfferSummary {
  readonly id: string;
  readonly price: Money;
  readonly flight: string;
  readonly from: string;
  readonly to: string;
  readonly departLocal: string;
  readonly arriveLocal: string;
  readonly stops: number;
}

interface Payment {
  readonly provider: string;
  readonly checkoutId: string;
  readonly bookingId: string;
  readonly amount: Money;
  readonly at: string;
}

/** How a case ended. Reports count these, so a name never changes. */
export type CaseOutcome =
  | 'completed'
  | 'consent-refused'
  | 'consent-withdrawn'
  | 'lapsed'
  | 'closed-by-staff';

export interface CaseOutput {
  readonly caseId: string;
  readonly outcome: CaseOutcome;
  /** Staff's own words when they closed it. */
  readonly reason: string | null;
}

/** Why staff have the conversation. */
export type HandOverReason =
  | 'consent-unclear'
  | 'trip-unclear'
  | 'offer-unclear'
  | 'flights-not-searched'
  | 'booking-held'
  | 'question';

export interface CaseContext {
  readonly tenant: string;
  readonly tenantName: string;
  readonly caseId: string;
  readonly recipient: Recipient;
  readonly lang: string;
  readonly destination: string;
  readonly currency: string;
  readonly consent: {
    readonly status: 'unasked' | 'given' | 'refused' | 'withdrawn';
    readonly at: string | null;
    /** The wording that was answered. */
    readonly textVersion: string;
  };
  readonly trip: {
    readonly origin: string | null;
    readonly departDate: string | null;
    readonly adults: number | null;
  };
  /** Answers in a row that we did not understand. */
  readonly misses: number;
  readonly handedOverFor: HandOverReason | null;
  /** Messages since staff took over. */
  readonly unanswered: number;
  /** `round` tells a button of an old list from one of this list. */
  readonly offers: {
    readonly round: number;
    readonly expiresAt: string | null;
    readonly list: readonly OfferSummary[];
  };
  /** How many bookings this case began; makes their ids. */
  readonly bookings: number;
  readonly booking: {
    readonly bookingId: string;
    readonly offer: OfferSummary;
    readonly acceptedAt: string;
    readonly paymentId: string | null;
  } | null;
  /** Money said to be paid for `booking`. */
  readonly payment: Payment | null;
  /** Money that came for no booking of ours that still stands. */
  readonly strayPayments: readonly Payment[];
  readonly ending: { readonly outcome: CaseOutcome; readonly reason: string | null } | null;
}

interface PaymentWord {
  readonly provider: string;
  readonly checkoutId: string;
  readonly bookingId: string;
  readonly at: string;
}

/** Times are ISO 8601 with offset. */
export type CaseEvent =
  | {
      readonly type: 'whatsapp.inbound';
      readonly messageId: string;
      readonly kind: 'text' | 'button';
      readonly text?: string;
      readonly buttonId?: string;
      /** Null where the provider does not say. */
      readonly lang: string | null;
      readonly at: string;
    }
  | ({ readonly type: 'payment.succeeded'; readonly amount: Money } & PaymentWord)
  | ({ readonly type: 'payment.expired' } & PaymentWord)
  | ({ readonly type: 'payment.failed' } & PaymentWord)
  | { readonly type: 'staff.resume'; readonly at: string }
  | { readonly type: 'staff.arrived'; readonly at: string }
  | { readonly type: 'staff.discharged'; readonly at: string }
  | { readonly type: 'staff.refunded'; readonly bookingId: string; readonly at: string }
  | { readonly type: 'staff.close'; readonly reason: string; readonly at: string }
  /** From the booking actor. */
  | { readonly type: 'booking.held'; readonly bookingId: string; readonly heldFor: string }
  /** From the journey to the conversation. */
  | { readonly type: 'handOver'; readonly reason: HandOverReason };

/** What we say: a key of the message catalogue and what goes in its gaps. Buttons are the ids that come back. */
interface Message {
  readonly recipient: Recipient;
  readonly lang: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string | number | Money | readonly OfferSummary[]>>;
  readonly buttons?: readonly string[];
  readonly purpose: 'service';
}

interface StateMeta {
  readonly label: string;
  readonly waitsFor: 'patient' | 'provider' | 'staff' | 'nobody';
  /** How long a case may stand here before staff should look; null where time does not matter. */
  readonly targetMinutes: number | null;
}

type CaseTag =
  | 'waiting-for-patient'
  | 'waiting-for-provider'
  | 'with-staff'
  | 'confirmed'
  | 'refund-needed'
  | 'consent-withdrawn';

interface Seen {
  readonly context: CaseContext;
}
interface Heard extends Seen {
  readonly event: CaseEvent;
}

const hour = 60 * 60 * 1_000; // ms
const day = 24 * hour;

/** The second miss goes to staff. */
const maxMisses = 2;

/** WhatsApp shows three buttons, and nobody compares ten flights in a chat. */
const maxOffers = 3;

// Understanding. Words are compared folded: without case, accents, Turkish dots, outer punctuation; digits are Latin.

const fold = (text: string): string =>
  text
    .slice(0, 200)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replaceAll(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '');

const words = (list: string): ReadonlySet<string> => new Set(list.split(' ').map(fold));

// A whole message, never a part of one: "dur bir dakika" only asks us to wait. DUR is Durban's code too; consent goes first.
const stopWords = words(
  'stop stopall dur durdur iptal unsubscribe cancel quit end abmelden stopp arret arreter стоп отписаться توقف إيقاف الغاء',
);
const yesWords = words('yes evet ja oui да نعم kabul ok okay');
const noWords = words('no hayır nein non нет لا');

/** Three letters that are an everyday word sooner than an airport. */
const notAirports = words(
  'yes hey bye hmm the and why how who not bak yok var ben sen der die das wie was ich oui non ok',
);

const cities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    berlin: 'BER',
    frankfurt: 'FRA',
    münchen: 'MUC',
    munich: 'MUC',
    hamburg: 'HAM',
    köln: 'CGN',
    cologne: 'CGN',
    düsseldorf: 'DUS',
    stuttgart: 'STR',
    wien: 'VIE',
    vienna: 'VIE',
    zürich: 'ZRH',
    london: 'LHR',
    londra: 'LHR',
    paris: 'CDG',
    amsterdam: 'AMS',
    москва: 'SVO',
    moscow: 'SVO',
    moskova: 'SVO',
    dubai: 'DXB',
    دبي: 'DXB',
    riyadh: 'RUH',
    الرياض: 'RUH',
    doha: 'DOH',
    الدوحة: 'DOH',
    istanbul: 'IST',
    ankara: 'ESB',
    izmir: 'ADB',
  }).map(([city, airport]) => [fold(city), airport]),
);

const saysStop = ({ context, event }: Heard): boolean =>
  event.type === 'whatsapp.inbound' &&
  (event.kind === 'text'
    ? stopWords.has(fold(event.text ?? ''))
    : event.buttonId === 'consent:no' && context.consent.status === 'given');

/**
 * The folded text of a message, or null. A stop word is nobody's answer: every reader of text goes
 * through here, so it passes all states below and reaches the transition of the whole case.
 */
const textOf = (event: CaseEvent): string | null => {
  if (event.type !== 'whatsapp.inbound' || event.kind !== 'text') return null;
  const text = fold(event.text ?? '');
  return stopWords.has(text) ? null : text;
};

const buttonOf = (event: CaseEvent): string | null =>
  event.type === 'whatsapp.inbound' && event.kind === 'button' ? (event.buttonId ?? null) : null;

const airportIn = (text: string | null): string | null => {
  if (text === null) return null;
  const city = cities.get(text);
  if (city !== undefined) return city;
  return /^[a-z]{3}$/.test(text) && !notAirports.has(text) ? text.toUpperCase() : null;
};

/** `YYYY-MM-DD` of a real date from today to a year ahead (airlines sell no further), or null. */
const departDateIn = (text: string | null, at: string): string | null => {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text ?? '');
  const dotted = /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(text ?? '');
  const [year, month, date] = iso
    ? [iso[1], iso[2], iso[3]]
    : dotted
      ? [dotted[3], dotted[2], dotted[1]]
      : [];
  if (year === undefined || month === undefined || date === undefined) return null;
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // 31 February parses as March in some engines, so the way back has to give the same day.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return null;
  const today = Date.parse(`${at.slice(0, 10)}T00:00:00Z`);
  return midnight >= today && midnight <= today + 365 * 24 * hour ? day : null;
};

const adultsIn = (text: string | null): number | null => {
  const count = Number(/^\D{0,20}(\d{1,2})\D{0,20}$/.exec(text ?? '')?.[1] ?? Number.NaN);
  return count >= 1 && count <= 9 ? count : null;
};

/** What the patient chose of the list: its index, `none`, `old` for a button of an earlier list, or null. */
const choiceIn = ({ context, event }: Heard): number | 'none' | 'old' | null => {
  const { list, round } = context.offers;
  const button = /^offer:([1-3]|none)(?::(\d{1,4}))?$/.exec(buttonOf(event) ?? '');
  if (button && Number(button[2] ?? 1) !== round) return 'old';
  // Once staff talk with the patient, a "2" may answer them; buttons still mean what they say.
  const choice = button?.[1] ?? (context.misses < maxMisses ? textOf(event) : null);
  if (choice === 'none' || choice === '0') return 'none';
  const index = /^[1-3]$/.test(choice ?? '') ? Number(choice) - 1 : -1;
  return index >= 0 && index < list.length ? index : null;
};

const stillValid = ({ context, event }: Heard): boolean =>
  'at' in event &&
  (context.offers.expiresAt === null ||
    Date.parse(event.at) < Date.parse(context.offers.expiresAt));

// What goes in and out.

const initialContext = ({ input }: { input: CaseInput }): CaseContext => ({
  tenant: input.tenant,
  tenantName: input.tenantName ?? input.tenant,
  caseId: input.caseId,
  recipient: {
    ...(input.contact.phone === null ? {} : { phone: input.contact.phone }),
    ...(input.contact.userId === null ? {} : { userId: input.contact.userId }),
  },
  lang: input.lang,
  destination: input.destination ?? 'IST',
  currency: input.currency ?? 'EUR',
  consent: { status: 'unasked', at: null, textVersion: 'service-1' },
  trip: { origin: null, departDate: null, adults: null },
  misses: 0,
  handedOverFor: null,
  unanswered: 0,
  offers: { round: 0, expiresAt: null, list: [] },
  bookings: 0,
  booking: null,
  payment: null,
  strayPayments: [],
  ending: null,
});

const caseOutput = ({ context }: Seen): CaseOutput => ({
  caseId: context.caseId,
  outcome: context.ending?.outcome ?? 'lapsed',
  reason: context.ending?.reason ?? null,
});

const flightQuery = ({ context }: Seen): FlightQuery => ({
  origin: context.trip.origin ?? '',
  destination: context.destination,
  departDate: context.trip.departDate ?? '',
  adults: context.trip.adults ?? 1,
  childrenAges: [],
  currency: context.currency,
});

const tripTitle = ({ offer }: { offer: OfferSummary }): string =>
  `${offer.flight} ${offer.from}-${offer.to} ${offer.departLocal.slice(0, 10)}`;

const bookingInput = ({ context }: Seen): BookingInput => {
  const { booking } = context;
  if (booking === null) throw new Error('A booking begins with an accepted offer');
  return {
    caseId: context.caseId,
    bookingId: booking.bookingId,
    recipient: context.recipient,
    lang: context.lang,
    total: booking.offer.price,
    title: tripTitle(booking),
    acceptedAt: booking.acceptedAt,
  };
};

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

const summaries = ({ offers }: FlightOffers): OfferSummary[] =>
  offers
    .flatMap(({ id, price, legs }): OfferSummary[] => {
      const segments = legs[0]?.segments ?? [];
      const first = segments[0];
      const last = segments.at(-1);
      if (first === undefined || last === undefined) return [];
      return [
        {
          id,
          price: { amountMinor: price.amountMinor, currency: price.currency },
          flight: `${first.carrier}${first.flightNumber}`,
          from: first.from,
          to: last.to,
          departLocal: first.departLocal,
          arriveLocal: last.arriveLocal,
          stops: segments.length - 1,
        },
      ];
    })
    .slice(0, maxOffers);

// Messages. One function for each, so that the config names what is said.

const message = (
  { recipient, lang }: CaseContext,
  text: string,
  values: Message['values'] = {},
  buttons?: readonly string[],
): Message => ({
  recipient,
  lang,
  text,
  values,
  ...(buttons === undefined ? {} : { buttons }),
  purpose: 'service',
});

const consentButtons = ['consent:yes', 'consent:no'];

const consentAsked = ({ context }: Seen): Message =>
  message(context, 'consent.ask', { tenant: context.tenantName }, consentButtons);
const consentAskedAgain = ({ context }: Seen): Message =>
  message(context, 'consent.again', { tenant: context.tenantName }, consentButtons);
const consentReminder = ({ context }: Seen): Message =>
  message(context, 'consent.reminder', { tenant: context.tenantName }, consentButtons);
const consentRefused = ({ context }: Seen): Message => message(context, 'consent.refused');

const originAsked = ({ context }: Seen): Message => message(context, 'intake.origin');
const originAskedAgain = ({ context }: Seen): Message => message(context, 'intake.origin.again');
const dateAsked = ({ context }: Seen): Message => message(context, 'intake.date');
const dateAskedAgain = ({ context }: Seen): Message => message(context, 'intake.date.again');
const adultsAsked = ({ context }: Seen): Message => message(context, 'intake.adults');
const adultsAskedAgain = ({ context }: Seen): Message => message(context, 'intake.adults.again');
const intakeReminder = ({ context }: Seen): Message => message(context, 'intake.reminder');

const searching = ({ context }: Seen): Message =>
  message(context, 'flights.searching', {
    origin: context.trip.origin ?? '',
    destination: context.destination,
    date: context.trip.departDate ?? '',
  });
const noFlights = ({ context }: Seen): Message =>
  message(context, 'flights.none', { date: context.trip.departDate ?? '' });

const offerMessage = (context: CaseContext, text: string): Message => {
  const { list, round } = context.offers;
  const mark = round === 1 ? '' : `:${round}`;
  const buttons = list.map((_, index) => `offer:${index + 1}${mark}`);
  // Three buttons at most: with three offers "none" has to be typed, as the text says.
  if (buttons.length < 3) buttons.push(`offer:none${mark}`);
  return message(context, text, { offers: list }, buttons);
};
const offersShown = ({ context }: Seen): Message => offerMessage(context, 'offer.list');
const offerReminder = ({ context }: Seen): Message => offerMessage(context, 'offer.reminder');
const offerLapsed = ({ context }: Seen): Message => message(context, 'offer.lapsed');
const offerExpired = ({ context }: Seen): Message => message(context, 'offer.expired');

const bookingLapsed = ({ context }: Seen): Message => message(context, 'payment.expired');
const bookingConfirmed = ({ context }: Seen): Message => {
  const { booking } = context;
  if (booking === null) throw new Error('A confirmation needs a booking');
  return message(context, 'booking.confirmed', {
    bookingId: booking.bookingId,
    title: tripTitle(booking),
    total: booking.offer.price,
  });
};

const handedOver = ({ context }: Seen): Message => message(context, 'staff.handover');
const goodbye = ({ context }: Seen): Message => message(context, 'aftercare.start');

/**
 * One patient's journey with one tenant: consent, trip details, flights, offer, booking, travel, treatment, aftercare.
 * Beside it runs the conversation (bot or staff) and what money is owed back. A stop word ends all of it at once.
 */
export const caseMachine = setup({
  types: {} as {
    context: CaseContext;
    events: CaseEvent;
    input: CaseInput;
    output: CaseOutput;
    meta: StateMeta;
    tags: CaseTag;
    children: { booking: 'booking' };
  },
  actors: {
    searchFlights: {} as PromiseActorLogic<FlightOffers, FlightQuery>,
    booking: {} as typeof bookingMachine, // machines/booking.ts, put in its place by the host.
  },
  actions: {
    sendMessage: (_args, _message: Message) => {}, // The host performs it.
    handOver: raise((_, { reason }: { reason: HandOverReason }) => ({ type: 'handOver', reason })),
    toBooking: sendTo('booking', ({ event }) => event),
    keepLanguage: assign(({ event }) =>
      event.type === 'whatsapp.inbound' && event.lang !== null ? { lang: event.lang } : {},
    ),
    keepConsent: assign(
      ({ context, event }, { status }: Pick<CaseContext['consent'], 'status'>) => ({
        consent: { ...context.consent, status, at: 'at' in event ? event.at : null },
        misses: 0,
      }),
    ),
    keepOrigin: assign(({ context, event }) => ({
      trip: { ...context.trip, origin: airportIn(textOf(event)) },
      misses: 0,
    })),
    keepDepartDate: assign(({ context, event }) => ({
      trip: {
        ...context.trip,
        departDate: 'at' in event ? departDateIn(textOf(event), event.at) : null,
      },
      misses: 0,
    })),
    keepAdults: assign(({ context, event }) => ({
      trip: { ...context.trip, adults: adultsIn(textOf(event)) },
      misses: 0,
    })),
    forgetDepartDate: assign(({ context }) => ({
      trip: { ...context.trip, departDate: null },
      misses: 0,
    })),
    countMiss: assign(({ context }) => ({ misses: context.misses + 1 })),
    forgetMisses: assign({ misses: 0 }),
    keepOffers: assign(({ context }, found: FlightOffers) => ({
      offers: {
        round: context.offers.round + 1,
        expiresAt: found.expiresAt,
        list: summaries(found),
      },
      misses: 0,
    })),
    beginBooking: assign(({ context, event }) => {
      const choice = choiceIn({ context, event });
      const offer = typeof choice === 'number' ? context.offers.list[choice] : undefined;
      if (offer === undefined || !('at' in event)) return {};
      const bookings = context.bookings + 1;
      return {
        bookings,
        offers: { ...context.offers, list: [] }, // Nothing else of the list is needed.
        booking: {
          bookingId: `${context.caseId}-b${bookings}`,
          offer,
          acceptedAt: event.at,
          paymentId: null,
        },
        misses: 0,
      };
    }),
    keepPayment: assign(({ event }) => {
      if (event.type !== 'payment.succeeded') return {};
      const { provider, checkoutId, bookingId, amount, at } = event;
      return { payment: { provider, checkoutId, bookingId, amount, at } };
    }),
    keepBooking: assign(({ context }, { paymentId }: BookingOutput) => ({
      booking: context.booking === null ? null : { ...context.booking, paymentId },
    })),
    dropBooking: assign({ booking: null }),
    keepStrayPayment: assign(({ context, event }) => {
      if (event.type !== 'payment.succeeded') return {};
      const { provider, checkoutId, bookingId, amount, at } = event;
      const known = [context.payment, ...context.strayPayments];
      if (known.some((payment) => payment?.checkoutId === checkoutId)) return {};
      return {
        strayPayments: [...context.strayPayments, { provider, checkoutId, bookingId, amount, at }],
      };
    }),
    dropRefunded: assign(({ context, event }) => {
      if (event.type !== 'staff.refunded') return {};
      return {
        payment: context.payment?.bookingId === event.bookingId ? null : context.payment,
        strayPayments: context.strayPayments.filter(
          ({ bookingId }) => bookingId !== event.bookingId,
        ),
      };
    }),
    noteHandOver: assign(({ event }) => ({
      handedOverFor: event.type === 'handOver' ? event.reason : null,
      unanswered: 0,
    })),
    noteUnanswered: assign(({ context }) => ({ unanswered: context.unanswered + 1 })),
    forgetHandOver: assign({ handedOverFor: null, unanswered: 0 }),
    noteEnding: assign(({ event }, { outcome }: { outcome: CaseOutcome }) => ({
      ending: { outcome, reason: event.type === 'staff.close' ? event.reason : null },
    })),
  },
  guards: {
    saysStop,
    isMessage: ({ context, event }) =>
      !saysStop({ context, event }) && (textOf(event) !== null || buttonOf(event) !== null),
    isText: ({ event }) => textOf(event) !== null,
    agrees: ({ event }) => buttonOf(event) === 'consent:yes' || yesWords.has(textOf(event) ?? ''),
    refuses: ({ event }) => buttonOf(event) === 'consent:no' || noWords.has(textOf(event) ?? ''),
    isOrigin: ({ context, event }) => {
      const airport = airportIn(textOf(event));
      return airport !== null && airport !== context.destination;
    },
    isDepartDate: ({ event }) => 'at' in event && departDateIn(textOf(event), event.at) !== null,
    isAdults: ({ event }) => adultsIn(textOf(event)) !== null,
    isFirstMiss: ({ context, event }) => textOf(event) !== null && context.misses + 1 < maxMisses,
    lacksOrigin: ({ context }) => context.trip.origin === null,
    lacksDepartDate: ({ context }) => context.trip.departDate === null,
    lacksAdults: ({ context }) => context.trip.adults === null,
    hasOffers: (_, found: FlightOffers) => summaries(found).length > 0,
    accepts: ({ context, event }) =>
      typeof choiceIn({ context, event }) === 'number' && stillValid({ context, event }),
    acceptsTooLate: ({ context, event }) =>
      typeof choiceIn({ context, event }) === 'number' && !stillValid({ context, event }),
    declines: ({ context, event }) => choiceIn({ context, event }) === 'none',
    pressesOldButton: ({ context, event }) => choiceIn({ context, event }) === 'old',
    isThisBooking: ({ context, event }) =>
      'bookingId' in event && event.bookingId === context.booking?.bookingId,
    isStray: ({ context, event }) =>
      event.type === 'payment.succeeded' && event.bookingId !== context.booking?.bookingId,
    isConfirmed: (_, { outcome }: BookingOutput) => outcome === 'confirmed',
    settlesStrays: ({ context, event }) =>
      event.type === 'staff.refunded' &&
      context.strayPayments.every(({ bookingId }) => bookingId === event.bookingId),
    settlesEverything: ({ context, event }) =>
      event.type === 'staff.refunded' &&
      [...context.strayPayments, ...(context.payment === null ? [] : [context.payment])].every(
        ({ bookingId }) => bookingId === event.bookingId,
      ),
    holdsMoney: ({ context }) => context.payment !== null || context.strayPayments.length > 0,
    owesNothing: ({ context }) => context.strayPayments.length === 0,
  },
  delays: {
    // WhatsApp takes free text until 24 h after the patient's last message, then templates only (131047).
    // So what a timer says is said within 23 h, and what comes later is silent.
    reminder: 23 * hour,
    patience: 7 * day,
    offerReminder: 20 * hour,
    offerLifetime: 23 * hour,
    dormancy: 30 * day,
    aftercare: 30 * day,
    retention: 30 * day,
  },
}).createMachine({
  id: 'case',
  version: '1',
  description: "One patient's journey with one tenant.",
  meta: { label: 'Case', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  output: caseOutput,
  initial: 'open',
  states: {
    open: {
      description:
        'The case lives: the journey, the conversation beside it, and money that is owed back.',
      meta: { label: 'Open', waitsFor: 'nobody', targetMinutes: null },
      type: 'parallel',
      on: {
        'whatsapp.inbound': {
          guard: 'saysStop',
          target: 'withdrawn',
          actions: { type: 'keepConsent', params: { status: 'withdrawn' } },
        },
        'staff.close': {
          target: 'closed',
          actions: { type: 'noteEnding', params: { outcome: 'closed-by-staff' } },
        },
      },
      states: {
        journey: {
          description: 'Where the patient stands on the way from the first message to aftercare.',
          meta: { label: 'Journey', waitsFor: 'nobody', targetMinutes: null },
          initial: 'contacted',
          states: {
            contacted: {
              description: 'The case exists; the message that made it has not been read yet.',
              meta: { label: 'New contact', waitsFor: 'patient', targetMinutes: null },
              tags: ['waiting-for-patient'],
              on: {
                'whatsapp.inbound': {
                  guard: 'isMessage',
                  target: 'consent',
                  actions: 'keepLanguage',
                },
              },
              after: {
                patience: {
                  target: '#case.closed',
                  actions: { type: 'noteEnding', params: { outcome: 'lapsed' } },
                },
              },
            },
            consent: {
              description:
                'The patient is asked whether we may use their data to arrange the trip.',
              meta: { label: 'Consent asked', waitsFor: 'patient', targetMinutes: 1440 },
              tags: ['waiting-for-patient'],
              entry: { type: 'sendMessage', params: consentAsked },
              on: {
                'whatsapp.inbound': [
                  {
                    guard: 'agrees',
                    target: 'intake',
                    actions: ['keepLanguage', { type: 'keepConsent', params: { status: 'given' } }],
                  },
                  {
                    guard: 'refuses',
                    target: '#case.closed',
                    actions: [
                      'keepLanguage',
                      { type: 'keepConsent', params: { status: 'refused' } },
                      { type: 'noteEnding', params: { outcome: 'consent-refused' } },
                      { type: 'sendMessage', params: consentRefused },
                    ],
                  },
                  {
                    guard: 'isFirstMiss',
                    actions: [
                      'keepLanguage',
                      'countMiss',
                      { type: 'sendMessage', params: consentAskedAgain },
                    ],
                  },
                  {
                    guard: 'isText',
                    actions: [
                      'countMiss',
                      { type: 'handOver', params: { reason: 'consent-unclear' } },
                    ],
                  },
                ],
                'staff.resume': { target: 'consent', reenter: true, actions: 'forgetMisses' },
              },
              after: {
                reminder: { actions: { type: 'sendMessage', params: consentReminder } },
                patience: {
                  target: '#case.closed',
                  actions: { type: 'noteEnding', params: { outcome: 'lapsed' } },
                },
              },
            },
            intake: {
              description: 'Trip details, one question at a time, until none is missing.',
              meta: { label: 'Trip details', waitsFor: 'patient', targetMinutes: 1440 },
              initial: 'next',
              states: {
                next: {
                  description: 'Chooses the next question, or the search when all is known.',
                  meta: { label: 'Next question', waitsFor: 'nobody', targetMinutes: null },
                  always: [
                    { guard: 'lacksOrigin', target: 'origin' },
                    { guard: 'lacksDepartDate', target: 'departDate' },
                    { guard: 'lacksAdults', target: 'adults' },
                    { target: '#case.open.journey.searching' },
                  ],
                },
                origin: {
                  description:
                    'Where does the patient fly from? An airport code or a city we know.',
                  meta: { label: 'Asked: airport', waitsFor: 'patient', targetMinutes: 1440 },
                  tags: ['waiting-for-patient'],
                  entry: { type: 'sendMessage', params: originAsked },
                  on: {
                    'whatsapp.inbound': [
                      {
                        guard: 'isOrigin',
                        target: 'next',
                        actions: ['keepLanguage', 'keepOrigin'],
                      },
                      {
                        guard: 'isFirstMiss',
                        actions: [
                          'keepLanguage',
                          'countMiss',
                          { type: 'sendMessage', params: originAskedAgain },
                        ],
                      },
                      { guard: 'isText', target: 'held' },
                    ],
                  },
                  after: {
                    reminder: { actions: { type: 'sendMessage', params: intakeReminder } },
                    patience: { target: '#case.open.journey.dormant' },
                  },
                },
                departDate: {
                  description: 'When does the patient want to fly? A date within the next year.',
                  meta: { label: 'Asked: date', waitsFor: 'patient', targetMinutes: 1440 },
                  tags: ['waiting-for-patient'],
                  entry: { type: 'sendMessage', params: dateAsked },
                  on: {
                    'whatsapp.inbound': [
                      {
                        guard: 'isDepartDate',
                        target: 'next',
                        actions: ['keepLanguage', 'keepDepartDate'],
                      },
                      {
                        guard: 'isFirstMiss',
                        actions: [
                          'keepLanguage',
                          'countMiss',
                          { type: 'sendMessage', params: dateAskedAgain },
                        ],
                      },
                      { guard: 'isText', target: 'held' },
                    ],
                  },
                  after: {
                    reminder: { actions: { type: 'sendMessage', params: intakeReminder } },
                    patience: { target: '#case.open.journey.dormant' },
                  },
                },
                adults: {
                  description: 'How many adults travel? One to nine.',
                  meta: { label: 'Asked: travellers', waitsFor: 'patient', targetMinutes: 1440 },
                  tags: ['waiting-for-patient'],
                  entry: { type: 'sendMessage', params: adultsAsked },
                  on: {
                    'whatsapp.inbound': [
                      {
                        guard: 'isAdults',
                        target: 'next',
                        actions: ['keepLanguage', 'keepAdults'],
                      },
                      {
                        guard: 'isFirstMiss',
                        actions: [
                          'keepLanguage',
                          'countMiss',
                          { type: 'sendMessage', params: adultsAskedAgain },
                        ],
                      },
                      { guard: 'isText', target: 'held' },
                    ],
                  },
                  after: {
                    reminder: { actions: { type: 'sendMessage', params: intakeReminder } },
                    patience: { target: '#case.open.journey.dormant' },
                  },
                },
                held: {
                  description:
                    'Two answers not understood: staff talk to the patient, then let the bot ask on.',
                  meta: {
                    label: 'Trip details held for staff',
                    waitsFor: 'staff',
                    targetMinutes: 60,
                  },
                  entry: { type: 'handOver', params: { reason: 'trip-unclear' } },
                  on: { 'staff.resume': { target: 'next', actions: 'forgetMisses' } },
                },
              },
            },
            searching: {
              description: 'Flights are searched at the provider.',
              meta: { label: 'Searching flights', waitsFor: 'provider', targetMinutes: 10 },
              tags: ['waiting-for-provider'],
              entry: { type: 'sendMessage', params: searching },
              invoke: {
                id: 'searchFlights',
                src: 'searchFlights',
                input: flightQuery,
                onDone: [
                  {
                    guard: { type: 'hasOffers', params: outputOf },
                    target: 'offer',
                    actions: { type: 'keepOffers', params: outputOf },
                  },
                  {
                    target: 'intake',
                    actions: [{ type: 'sendMessage', params: noFlights }, 'forgetDepartDate'],
                  },
                ],
                onError: { target: 'searchHeld' },
              },
            },
            searchHeld: {
              description: 'The search failed for good. Staff look; on resume it is tried again.',
              meta: { label: 'Search held for staff', waitsFor: 'staff', targetMinutes: 60 },
              entry: { type: 'handOver', params: { reason: 'flights-not-searched' } },
              on: { 'staff.resume': { target: 'searching' } },
            },
            offer: {
              description: 'Up to three flights are offered; the patient chooses one, or none.',
              meta: { label: 'Offer sent', waitsFor: 'patient', targetMinutes: 1380 },
              tags: ['waiting-for-patient'],
              entry: { type: 'sendMessage', params: offersShown },
              on: {
                'whatsapp.inbound': [
                  {
                    guard: 'accepts',
                    target: 'booking',
                    actions: ['keepLanguage', 'beginBooking'],
                  },
                  {
                    guard: 'acceptsTooLate',
                    target: 'searching',
                    actions: { type: 'sendMessage', params: offerLapsed },
                  },
                  { guard: 'declines', target: 'intake', actions: 'forgetDepartDate' },
                  {
                    guard: 'pressesOldButton',
                    actions: { type: 'sendMessage', params: offersShown },
                  },
                  {
                    guard: 'isFirstMiss',
                    actions: [
                      'keepLanguage',
                      'countMiss',
                      { type: 'sendMessage', params: offersShown },
                    ],
                  },
                  {
                    guard: 'isText',
                    actions: [
                      'countMiss',
                      { type: 'handOver', params: { reason: 'offer-unclear' } },
                    ],
                  },
                ],
                'staff.resume': {
                  actions: ['forgetMisses', { type: 'sendMessage', params: offersShown }],
                },
              },
              after: {
                offerReminder: { actions: { type: 'sendMessage', params: offerReminder } },
                offerLifetime: {
                  target: 'dormant',
                  actions: { type: 'sendMessage', params: offerExpired },
                },
              },
            },
            booking: {
              description: 'The booking actor opens a checkout and sees to its payment.',
              meta: { label: 'Booking', waitsFor: 'patient', targetMinutes: 1440 },
              tags: ['waiting-for-patient'],
              invoke: {
                id: 'booking',
                src: 'booking',
                input: bookingInput,
                onDone: [
                  {
                    guard: { type: 'isConfirmed', params: outputOf },
                    target: 'travel',
                    actions: [
                      { type: 'keepBooking', params: outputOf },
                      { type: 'sendMessage', params: bookingConfirmed },
                    ],
                  },
                  {
                    target: 'dormant',
                    actions: ['dropBooking', { type: 'sendMessage', params: bookingLapsed }],
                  },
                ],
                onError: {
                  target: 'bookingFailed',
                },
              },
              on: {
                'payment.succeeded': {
                  guard: 'isThisBooking',
                  actions: ['keepPayment', 'toBooking'],
                },
                'payment.expired': { guard: 'isThisBooking', actions: 'toBooking' },
                'payment.failed': { guard: 'isThisBooking', actions: 'toBooking' },
                'booking.held': {
                  guard: 'isThisBooking',
                  actions: { type: 'handOver', params: { reason: 'booking-held' } },
                },
                'staff.resume': { actions: 'toBooking' },
                'whatsapp.inbound': {
                  guard: 'isText',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
              },
            },
            bookingFailed: {
              description:
                'The booking actor itself broke. Staff settle it by hand and close the case.',
              meta: { label: 'Booking held for staff', waitsFor: 'staff', targetMinutes: 30 },
              tags: ['with-staff'],
              entry: { type: 'handOver', params: { reason: 'booking-held' } },
              on: { 'payment.succeeded': { guard: 'isThisBooking', actions: 'keepPayment' } },
            },
            travel: {
              description: 'Paid and confirmed. The patient travels; staff note the arrival.',
              meta: { label: 'Confirmed, travelling', waitsFor: 'nobody', targetMinutes: null },
              tags: ['confirmed'],
              on: {
                'staff.arrived': { target: 'treatment' },
                'whatsapp.inbound': {
                  guard: 'isText',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
              },
            },
            treatment: {
              description: 'The patient is with the clinic.',
              meta: { label: 'With the clinic', waitsFor: 'nobody', targetMinutes: null },
              tags: ['confirmed'],
              on: {
                'staff.discharged': { target: 'aftercare' },
                'whatsapp.inbound': {
                  guard: 'isText',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
              },
            },
            aftercare: {
              description:
                'The patient is home again and may still ask. A late refund keeps the case open.',
              meta: { label: 'Aftercare', waitsFor: 'nobody', targetMinutes: null },
              tags: ['confirmed'],
              entry: { type: 'sendMessage', params: goodbye },
              on: {
                'whatsapp.inbound': {
                  guard: 'isText',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
                'staff.close': {
                  target: '#case.closed',
                  actions: { type: 'noteEnding', params: { outcome: 'completed' } },
                },
              },
              after: {
                aftercare: {
                  guard: 'owesNothing',
                  target: '#case.closed',
                  actions: { type: 'noteEnding', params: { outcome: 'completed' } },
                },
              },
            },
            dormant: {
              description:
                'Nothing came of it so far. A message wakes it; late money still finds it.',
              meta: { label: 'Dormant', waitsFor: 'patient', targetMinutes: null },
              on: {
                'whatsapp.inbound': {
                  guard: 'isMessage',
                  target: 'intake',
                  actions: ['keepLanguage', 'forgetDepartDate'],
                },
              },
              after: {
                dormancy: {
                  guard: 'owesNothing',
                  target: '#case.closed',
                  actions: { type: 'noteEnding', params: { outcome: 'lapsed' } },
                },
              },
            },
          },
        },
        conversation: {
          description:
            'Who answers the patient. The journey goes on either way: a booking keeps its timers.',
          meta: { label: 'Conversation', waitsFor: 'nobody', targetMinutes: null },
          initial: 'bot',
          states: {
            bot: {
              description: 'The bot answers.',
              meta: { label: 'Bot', waitsFor: 'nobody', targetMinutes: null },
              on: { handOver: { target: 'withStaff', actions: 'noteHandOver' } },
            },
            withStaff: {
              description: 'Staff answer, until they hand the conversation back.',
              meta: { label: 'With staff', waitsFor: 'staff', targetMinutes: 60 },
              tags: ['with-staff'],
              entry: { type: 'sendMessage', params: handedOver },
              on: {
                'whatsapp.inbound': { guard: 'isMessage', actions: 'noteUnanswered' },
                'staff.resume': { target: 'bot', actions: 'forgetHandOver' },
              },
            },
          },
        },
        money: {
          description:
            'Money that came for no booking that still stands, such as one paid after it lapsed.',
          meta: { label: 'Money', waitsFor: 'nobody', targetMinutes: null },
          initial: 'settled',
          states: {
            settled: {
              description: 'Nothing is owed back.',
              meta: { label: 'Settled', waitsFor: 'nobody', targetMinutes: null },
              on: {
                'payment.succeeded': {
                  guard: 'isStray',
                  target: 'refundDue',
                  actions: 'keepStrayPayment',
                },
              },
            },
            refundDue: {
              description:
                'A payment has to go back, or to a new booking: staff decide and say so.',
              meta: { label: 'Refund needed', waitsFor: 'staff', targetMinutes: 1440 },
              tags: ['with-staff', 'refund-needed'],
              on: {
                'payment.succeeded': { guard: 'isStray', actions: 'keepStrayPayment' },
                'staff.refunded': [
                  { guard: 'settlesStrays', target: 'settled', actions: 'dropRefunded' },
                  { actions: 'dropRefunded' },
                ],
              },
            },
          },
        },
      },
    },
    withdrawn: {
      description:
        'Consent is withdrawn: from here on nothing is sent. Staff reach the patient another way.',
      meta: { label: 'Consent withdrawn', waitsFor: 'nobody', targetMinutes: null },
      tags: ['consent-withdrawn'],
      initial: 'deciding',
      on: {
        'staff.close': {
          target: 'closed',
          actions: { type: 'noteEnding', params: { outcome: 'consent-withdrawn' } },
        },
      },
      states: {
        deciding: {
          description: 'Is there money to settle?',
          meta: { label: 'Withdrawing', waitsFor: 'nobody', targetMinutes: null },
          always: [{ guard: 'holdsMoney', target: 'owing' }, { target: 'resting' }],
        },
        resting: {
          description:
            'Nothing to settle. A payment through a link sent before still finds the case.',
          meta: { label: 'Withdrawn', waitsFor: 'nobody', targetMinutes: null },
          on: {
            'payment.succeeded': { target: 'owing', actions: 'keepStrayPayment' },
          },
          after: {
            retention: {
              target: '#case.closed',
              actions: { type: 'noteEnding', params: { outcome: 'consent-withdrawn' } },
            },
          },
        },
        owing: {
          description: 'The patient paid and withdrew: staff settle the money.',
          meta: { label: 'Withdrawn, money to settle', waitsFor: 'staff', targetMinutes: 1440 },
          tags: ['with-staff', 'refund-needed'],
          on: {
            'payment.succeeded': { actions: 'keepStrayPayment' },
            'staff.refunded': [
              { guard: 'settlesEverything', target: 'resting', actions: 'dropRefunded' },
              { actions: 'dropRefunded' },
            ],
          },
        },
      },
    },
    closed: {
      description: 'Over. The output says how it ended.',
      meta: { label: 'Closed', waitsFor: 'nobody', targetMinutes: null },
      type: 'final',
    },
  },
});
