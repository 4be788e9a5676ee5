import {
  assign,
  enqueueActions,
  raise,
  sendTo,
  setup,
  spawnChild,
  type DoneActorEvent,
  type ErrorActorEvent,
  type ParameterizedObject,
  type PromiseActorLogic,
} from 'xstate';

import type { DocumentKind } from '../actors/shapes/documents.ts';
import type { BookingInput } from './booking-types.ts';
import type { bookingMachine } from './booking.ts';
import type {
  Attachment,
  BookingStanding,
  ButtonId,
  CaseContext,
  CaseEvent,
  CaseInput,
  CaseOutcome,
  CaseOutput,
  CaseTag,
  ClinicFlights,
  ClinicReceipt,
  Consent,
  ConsentAnswer,
  ConsentPurpose,
  FileMessage,
  FlightOffers,
  FlightQuery,
  HandOverReason,
  Heard,
  HeardMessage,
  Intent,
  InvoiceStanding,
  Message,
  Offer,
  OfferSummary,
  Question,
  Said,
  Seen,
  StoredDocument,
  TextKey,
  Trip,
  Understanding,
  Utterance,
} from './case-types.ts';
import type { dealMachine, DealInput } from './deal.ts';
import type { documentsMachine, DocumentsInput } from './documents.ts';
import type { imagingMachine, ImagingInput, ImagingOutput } from './imaging.ts';
import type { invoiceMachine, InvoiceInput } from './invoice.ts';
import type { Payer, Recipient, SaleLine, StateMeta } from './money-types.ts';

const hour = 60 * 60 * 1_000; // ms
const day = 24 * hour;

/** The second miss goes to staff. */
const maxMisses = 2;

/** Under this we ask instead of believing. */
const sureEnough = 0.6;

/** Card schemes give patients 120 days, and banks some more to tell us. */
const disputable = 150 * day;

/** More than this unread: a flood, or something is broken. Staff look. */
const maxHeard = 20;

/** What the patient is told to stay under; the adapter holds the limits. */
const megabytes = { image: 5, document: 20, audio: 16, video: 16 } as const;

const maxAttachments = 10;
const maxDocuments = 50;

/** One polite answer a minute to what we cannot read, not one for each sticker. */
const unreadableEveryMs = 60_000;

/** WhatsApp's lists take ten rows, and nobody compares ten flights in a chat. */
const maxOffers = 5;

/** The wording each consent is asked in. A published wording never changes: a new one gets the next number. */
const consentTexts: Readonly<Record<ConsentPurpose, TextKey>> = {
  service: 'consent.service.1',
  'health-data': 'consent.health-data.1',
  'transfer-abroad': 'consent.transfer-abroad.1',
  marketing: 'consent.marketing.1',
};

// Stopping is understood here and at once, whatever else is away. Words are compared folded: without case, accents,
// Turkish dots, outer punctuation.

const fold = (text: string): string =>
  text
    .slice(0, 200)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('ı', 'i')
    .replaceAll(/^[\p{P}\p{S}\s]+|[\p{P}\p{S}\s]+$/gu, '');

const words = (list: string): ReadonlySet<string> => new Set(list.split(' ').map(fold));

// A whole message, never a part of one: "dur bir dakika" only asks us to wait.
const stopWords = words(
  'stop stopall dur durdur durdurun iptal unsubscribe cancel quit end abmelden stopp stoppen abbestellen arret arreter arretez désabonner стоп отписаться отмена хватит توقف توقفوا إيقاف أوقف الغاء',
);

/** What the message is. Cases that were under way before kinds were nested have it flat. */
const saidIn = (event: CaseEvent): Said | null => {
  if (event.type !== 'whatsapp.inbound') return null;
  const flat = event as { kind?: string; text?: string; buttonId?: string };
  if (flat.kind === 'text') return { kind: 'text', text: flat.text ?? '' };
  if (flat.kind === 'button') return { kind: 'button', id: flat.buttonId ?? '' };
  return event.message;
};

const wordsOf = (said: Said | null): string | null => {
  if (said === null) return null;
  if (said.kind === 'text') return said.text;
  return 'caption' in said ? (said.caption ?? null) : null;
};

const saysStop = ({ context, event }: Heard): boolean => {
  const said = saidIn(event);
  if (said?.kind === 'button')
    return (
      /^consent:(service:)?no$/.test(said.id) &&
      context.consents.service.status === 'given' &&
      'at' in event &&
      !isSaidBefore(event.at, context.consents.service.at)
    );
  return said?.kind === 'text' && stopWords.has(fold(said.text));
};

const isHeard = ({ context, event }: Heard): boolean => {
  const said = saidIn(event);
  return (
    (said?.kind === 'button' || said?.kind === 'location' || wordsOf(said) !== null) &&
    !saysStop({ context, event })
  );
};

const isUnreadable = (event: CaseEvent): boolean => {
  const kind = saidIn(event)?.kind;
  return kind === 'sticker' || kind === 'contacts' || kind === 'unsupported';
};

const attachmentIn = ({ context, event }: Heard): Attachment | null => {
  const said = saidIn(event);
  if (said === null || !('mediaId' in said) || said.kind === 'sticker') return null;
  if ('at' in event && isSaidBefore(event.at, context.withdrawnAt)) return null;
  const { kind, mediaId, sha256 } = said;
  return { kind, mediaId, sha256, at: 'at' in event ? event.at : '' };
};

const later = (one: string | null, other: string | null): string | null =>
  one === null || (other !== null && Date.parse(other) > Date.parse(one)) ? other : one;

/** Whether something was said before or just when something else was. Nothing is, while there is nothing else. */
const isSaidBefore = (at: string, other: string | null): boolean =>
  other !== null && Date.parse(at) <= Date.parse(other);

/** What was just understood, or null. */
const spoken = (event: CaseEvent) => (event.type === 'patient.said' ? event : null);

const presses = (event: CaseEvent, id: RegExp): boolean => id.test(spoken(event)?.buttonId ?? '');

/** Said after what was asked last, and after all that was understood: only then words can be its answer. */
const isAfterQuestion = ({ context, event }: Heard): boolean => {
  const said = spoken(event);
  return said !== null && !said.late && !isSaidBefore(said.at, context.askedAt);
};

/** A yes or no in words answers what was asked last. */
const answers = (heard: Heard, intent: Intent, question: Question): boolean =>
  spoken(heard.event)?.intent === intent &&
  heard.context.asked === question &&
  isAfterQuestion(heard);

/** A button says itself what it answers, so it counts whenever it comes, but for one pressed before the last answer. */
const pressesConsent = (
  { context, event }: Heard,
  purpose: ConsentPurpose,
  answer: 'yes' | 'no',
): boolean => {
  const name = purpose === 'service' ? '(service:)?' : `${purpose}:`;
  return (
    presses(event, new RegExp(`^consent:${name}${answer}$`)) &&
    !isSaidBefore(spoken(event)?.at ?? '', context.consents[purpose].at)
  );
};

const agreesTo = (heard: Heard, purpose: ConsentPurpose): boolean =>
  pressesConsent(heard, purpose, 'yes') || answers(heard, 'agree', purpose);

const refuses = (heard: Heard, purpose: ConsentPurpose): boolean =>
  pressesConsent(heard, purpose, 'no') || answers(heard, 'refuse', purpose);

/** Answers one of the consents that are asked in between. */
const answersConsent = (heard: Heard): boolean =>
  (['health-data', 'transfer-abroad', 'marketing'] as const).some(
    (purpose) => agreesTo(heard, purpose) || refuses(heard, purpose),
  );

/** Needs no answer from the journey: said before the question, for staff, a thank-you, or more is still to be read. */
const isAside = ({ context, event }: Heard): boolean => {
  const said = spoken(event);
  if (said === null || !isAfterQuestion({ context, event })) return true;
  if (context.handedOverFor !== null || answersConsent({ context, event })) return true;
  if (['question', 'human', 'urgent', 'thanks', 'press', 'place'].includes(said.intent))
    return true;
  return (said.informs || said.intent === 'greeting') && context.heard.length > 0;
};

/** Something is asked, and nothing that was said is still to be understood. */
const waitsForAnswer = ({ asked, consents, heard, reading }: CaseContext): boolean =>
  heard.length === 0 &&
  reading === null &&
  (asked !== null || Object.values(consents).some(({ status }) => status === 'asked'));

/** The folded words of what was just understood. */
const foldedWords = (event: CaseEvent): string => fold(spoken(event)?.text ?? '');

/** What the patient chose of the list: its index, `none`, `old` for a choice of an earlier list, or null. */
const choiceIn = ({ context, event }: Heard): number | 'none' | 'old' | null => {
  const { list, round } = context.offers;
  const button = /^offer:([1-5]|none)(?::(\d{1,4}))?$/.exec(spoken(event)?.buttonId ?? '');
  if (button && Number(button[2] ?? 1) !== round) return 'old';
  // A "2" said before the list is no choice of it, and once staff talk with the patient it may answer them.
  const isChoice = context.handedOverFor === null && isAfterQuestion({ context, event });
  const choice = button?.[1] ?? (isChoice ? foldedWords(event) : null);
  if (choice === 'none' || choice === '0' || choice === '٠') return 'none';
  const digit = choice?.replaceAll(/[٠-٩]/g, (n) => String(n.charCodeAt(0) - 0x0660)) ?? '';
  const index = /^[1-5]$/.test(digit) ? Number(digit) - 1 : -1;
  return index >= 0 && index < list.length ? index : null;
};

/** Whether the flight that was chosen can still be had: by its own expiry, whatever became of the others in the list. */
const stillValid = ({ context, event }: Heard): boolean => {
  if (!('at' in event)) return false;
  const choice = choiceIn({ context, event });
  const chosen = typeof choice === 'number' ? context.offers.list[choice] : undefined;
  const { expiresAt = context.offers.expiresAt } = chosen ?? {};
  return expiresAt === null || Date.parse(event.at) < Date.parse(expiresAt);
};

/** What a search is made for, as one word. Null while something is missing. */
const tripKey = ({ trip }: CaseContext): string | null => {
  const { origin, departDate, returnDate, adults, childrenAges } = trip;
  if (origin === null || departDate === null || adults === null) return null;
  return [origin, departDate, returnDate, adults, ...(childrenAges ?? [])].join(' ');
};

// What goes in and out.

const emptyTrip: Trip = {
  procedure: null,
  origin: null,
  departDate: null,
  returnDate: null,
  adults: null,
  childrenAges: null,
  budget: null,
};

const initialContext = ({ input }: { input: CaseInput }): CaseContext => {
  const unasked: Consent = { status: 'unasked', lang: input.lang, at: null };
  return {
    tenant: input.tenant,
    tenantName: input.tenantName ?? input.tenant,
    caseId: input.caseId,
    recipient: recipientOf(input.contact),
    lang: input.lang,
    destination: input.destination ?? 'IST',
    currency: input.currency ?? 'EUR',
    isInvoicing: input.isInvoicing ?? true,
    consents: {
      service: unasked,
      'health-data': unasked,
      'transfer-abroad': unasked,
      marketing: unasked,
    },
    trip: emptyTrip,
    toldAt: {},
    searched: null,
    withdrawnAt: null,
    heardAt: null,
    heard: [],
    reading: null,
    readUpTo: null,
    asked: null,
    askedAt: null,
    askedBefore: null,
    misses: 0,
    unreadableAt: null,
    attachments: [],
    documents: [],
    clinic: { patientId: null, dealId: null, itineraryId: null, deal: null, isTold: false },
    review: 'unneeded',
    imaging: null,
    imagingHeld: null,
    handedOverFor: null,
    unanswered: 0,
    offers: { round: 0, expiresAt: null, list: [] },
    bookings: 0,
    booking: null,
    standings: [],
    invoices: [],
    buyer: null,
    ending: null,
  };
};

const recipientOf = ({ phone, userId }: CaseInput['contact']): Recipient => ({
  ...(phone === null ? {} : { phone }),
  ...(userId === null ? {} : { userId }),
});

const caseOutput = ({ context }: Seen): CaseOutput => ({
  caseId: context.caseId,
  outcome: context.ending?.outcome ?? 'lapsed',
  reason: context.ending?.reason ?? null,
});

/** Messages are read in the order they were said, as far as they are here. */
const nextHeard = ({ heard }: CaseContext): HeardMessage | undefined =>
  heard.reduce<HeardMessage | undefined>(
    (first, message) =>
      first === undefined || Date.parse(message.at) < Date.parse(first.at) ? message : first,
    undefined,
  );

const utterance = ({ context }: Seen): Utterance => {
  const { asked, reading } = context;
  return {
    text: reading?.text ?? '',
    lang: context.lang,
    asked: asked !== null && asked in context.consents ? 'consent' : (asked as Utterance['asked']),
    at: reading?.at ?? '',
    destination: context.destination,
    mayLeave: context.consents['transfer-abroad'].status === 'given',
  };
};

const attachment = ({ context }: Seen): Attachment => {
  const [first] = context.attachments;
  if (first === undefined) throw new Error('There is nothing to fetch');
  return first;
};

const flightQuery = ({ context }: Seen): FlightQuery => ({
  origin: context.trip.origin ?? '',
  destination: context.destination,
  departDate: context.trip.departDate ?? '',
  ...(context.trip.returnDate === null ? {} : { returnDate: context.trip.returnDate }),
  adults: context.trip.adults ?? 1,
  childrenAges: context.trip.childrenAges ?? [],
  currency: context.currency,
});

const tripTitle = ({ offer }: { offer: OfferSummary }): string =>
  `${offer.flight} ${offer.from}-${offer.to} ${offer.departLocal.slice(0, 10)}`;

const payerOf = ({ buyer, recipient }: CaseContext): Payer => ({
  firstName: buyer?.firstName ?? null,
  familyName: buyer?.familyName ?? null,
  email: buyer?.email ?? null,
  phone: recipient.phone ?? null,
  country: buyer?.residence ?? null,
  city: buyer?.address.city ?? null,
  address: buyer?.address.street ?? null,
});

const newestBooking = ({ standings }: CaseContext): BookingStanding => {
  const newest = standings.at(-1);
  if (newest === undefined) throw new Error('There is no booking');
  return newest;
};

/** The actor that a word about a booking goes to. */
const bookingOf = ({ event }: { event: CaseEvent }): string =>
  'bookingId' in event ? (event.bookingId ?? '') : '';

/** The booking whose link the patient wants anew, by the button's id. */
const renewedIn = (event: CaseEvent): string | null =>
  /^pay:again:(.{1,200})$/.exec(spoken(event)?.buttonId ?? '')?.[1] ?? null;

const newestBookingId = ({ context }: Seen): string => newestBooking(context).bookingId;

const standingOf = (
  bookingId: string,
  title: string,
  lines: readonly SaleLine[],
): BookingStanding => ({
  bookingId,
  title,
  lines,
  total: {
    amountMinor: String(grossMinor(lines)),
    currency: lines[0]?.gross.currency ?? '',
  },
  status: 'open',
  isKept: false,
  heldFor: null,
  refundedMinor: '0',
  invoices: 0,
});

/** Paid, but not for something that stands, or not surely: it stands, or goes back, as staff decide. */
const isInDoubt = ({ heldFor }: BookingStanding): boolean =>
  heldFor !== null &&
  !['checkout-not-opened', 'payment-not-readable', 'refunding'].includes(heldFor);

/**
 * What staff may simply have tried again. A late payment that is accepted, or an invoice that is issued anew, is a decision:
 * it takes the booking's or the invoice's name.
 */
const triedAgain: ReadonlySet<string> = new Set([
  'checkout-not-opened',
  'payment-not-readable',
  'payment-unsettled',
  'payment-suspected',
  'refund-failed',
  'invoice-invalid',
  'invoice-not-queued',
  'invoice-not-sent',
  'invoice-not-settled',
  'invoice-not-archived',
]);

/** Of a patient who withdrew. */
const isToSettle = ({ status, heldFor, isKept }: BookingStanding): boolean =>
  (status === 'paid' && !isKept) || heldFor !== null;

/** Something was paid and stays with us: the patient's bank may still take it back. */
const mayBeDisputed = ({ standings }: CaseContext): boolean =>
  standings.some(({ status }) => status === 'paid');

/** Every booking has come to an end that stands, and every invoice and credit note is kept. */
const owesNothing = ({ standings, invoices }: CaseContext): boolean =>
  standings.every(({ status, heldFor }) => status !== 'open' && heldFor === null) &&
  invoices.every((invoice) => invoice.keptAs !== null && !isCreditDue(invoice));

/** Of the booking that was begun last. */
const bookingInput = ({ context, event }: Heard): BookingInput => {
  const { bookingId, title, total } = newestBooking(context);
  const isTrip = context.booking?.bookingId === bookingId;
  return {
    caseId: context.caseId,
    bookingId,
    lang: context.lang,
    total,
    title,
    payer: payerOf(context),
    acceptedAt: 'at' in event ? (event.at ?? '') : '',
    beginsOn: isTrip
      ? context.trip.departDate
      : event.type === 'staff.quote'
        ? (event.beginsOn ?? null)
        : null,
  };
};

const changed = <Standing>(
  list: readonly Standing[],
  isIt: (standing: Standing) => boolean,
  change: (standing: Standing) => Partial<Standing>,
): readonly Standing[] =>
  list.map((standing) => (isIt(standing) ? { ...standing, ...change(standing) } : standing));

const changedBooking = (
  { standings }: CaseContext,
  event: CaseEvent,
  change: Partial<BookingStanding>,
) => ({
  standings: changed(
    standings,
    ({ bookingId }) => 'bookingId' in event && event.bookingId === bookingId,
    () => change,
  ),
});

const grossMinor = (lines: readonly SaleLine[]): bigint =>
  lines.reduce((sum, { gross }) => sum + BigInt(gross.amountMinor), 0n);

/** Currencies of three decimals are charged and invoiced to two. */
const threeDecimals: ReadonlySet<string> = new Set([
  'BHD',
  'IQD',
  'JOD',
  'KWD',
  'LYD',
  'OMR',
  'TND',
]);

/**
 * Shares `minor` out by weight, in whole units: what is left over goes to the largest remainders, first come first. No
 * share is more than its weight, as long as all together is not.
 */
const allocated = (minor: bigint, weights: readonly bigint[], unit: bigint): bigint[] => {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole === 0n) return weights.map(() => 0n);
  const units = minor / unit;
  const shares = weights.map((weight) => (units * weight) / whole);
  let left = units - shares.reduce((sum, share) => sum + share, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (units * weight) % whole }))
    .toSorted(
      (one, other) =>
        Number(other.remainder > one.remainder) - Number(other.remainder < one.remainder),
    );
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares.map((share) => share * unit);
};

/** Health services may be exempt from VAT and nothing else is, so they never share an invoice. */
const invoiceGroups = (lines: readonly SaleLine[]): (readonly SaleLine[])[] =>
  [
    lines.filter(({ kind }) => kind === 'health'),
    lines.filter(({ kind }) => kind !== 'health'),
  ].filter((group) => group.length > 0);

const isCreditDue = ({ toCredit }: InvoiceStanding): boolean =>
  toCredit.some((minor) => minor !== '0');

/** The lines of a credit note: what went back of each line of the invoice that it gives back. */
const creditLines = ({ lines, toCredit }: InvoiceStanding): SaleLine[] =>
  lines.flatMap((line, index) => {
    const amountMinor = toCredit[index] ?? '0';
    return amountMinor === '0'
      ? []
      : [{ ...line, quantity: 1, gross: { ...line.gross, amountMinor } }];
  });

/** Puts what went back since the last time on the lines of a booking's invoices, by what is left of each. */
const creditedMore = (
  sold: readonly InvoiceStanding[],
  minor: bigint,
): { readonly invoices: readonly InvoiceStanding[]; readonly allocatedMinor: bigint } => {
  const left = sold.flatMap(({ lines, credited }) =>
    lines.map(({ gross }, index) => BigInt(gross.amountMinor) - BigInt(credited[index] ?? '0')),
  );
  const currency = sold[0]?.lines[0]?.gross.currency ?? '';
  const shares = allocated(minor, left, threeDecimals.has(currency) ? 10n : 1n);
  let next = 0;
  const invoices = sold.map((invoice) => {
    const own = invoice.lines.map(() => shares[next++] ?? 0n);
    const plus = (list: readonly string[]) =>
      list.map((value, index) => String(BigInt(value) + (own[index] ?? 0n)));
    return { ...invoice, credited: plus(invoice.credited), toCredit: plus(invoice.toCredit) };
  });
  return { invoices, allocatedMinor: shares.reduce((sum, share) => sum + share, 0n) };
};

/** Corrections count in hundreds and stay with the actor that made them. */
const invoiceActorOf = (invoiceId: string): string =>
  invoiceId.replace(/\d+$/, (number) => String(Number(number) % 100));

const invoiceInput = (
  context: CaseContext,
  { actorId, bookingId, lines, paidAt, payment }: InvoiceStanding,
  credits: string | null,
): InvoiceInput => ({
  tenant: context.tenant,
  caseId: context.caseId,
  bookingId,
  invoiceId: actorId,
  lines,
  paidAt,
  payment,
  buyer: context.buyer,
  credits,
});

/** Stands for the patient wherever images go: it means nothing, and is the same for every study of the case. */
const pseudonymOf = ({ caseId }: CaseContext): string =>
  `P-${caseId.replaceAll(/[^A-Za-z0-9]/g, '').slice(-16)}`;

const imagingInput = ({ context }: Seen): ImagingInput => ({
  caseId: context.caseId,
  patientId: context.clinic.patientId ?? '',
  phone: context.recipient.phone ?? null,
  pseudonym: pseudonymOf(context),
});

const documentsInput = ({ context }: Seen): DocumentsInput => ({
  caseId: context.caseId,
  tenant: context.tenant,
  recipient: context.recipient,
  lang: context.lang,
  heardAt: context.heardAt,
});

const clinicFlights = ({ context }: Seen): ClinicFlights => {
  const { booking, clinic, trip, caseId } = context;
  if (booking === null || clinic.dealId === null) throw new Error('There is nothing to tell');
  return {
    dealId: clinic.dealId,
    caseId,
    booking: {
      bookingId: booking.bookingId,
      adults: trip.adults ?? 1,
      children: trip.childrenAges?.length ?? 0,
    },
    flights: booking.offer.legs,
    total: booking.offer.price,
  };
};

const dealInput = ({ context }: Seen): DealInput => {
  const { clinic, booking, consents } = context;
  return {
    dealId: clinic.dealId ?? '',
    itineraryId: clinic.itineraryId,
    flights: clinic.isTold && booking !== null ? booking.offer.legs : null,
    mayKeepTreatment: consents['health-data'].status === 'given',
  };
};

/** A passport or a visa says nothing that the clinic has to look at. Uploads have their kind in their name. */
const isForClinic = ({ key }: StoredDocument): boolean => !/\/(?:passport|visa)-[^/]*$/.test(key);

/** The clinic has to look before flights are offered: at what the patient gave for it, with the consent to that. */
const isReviewWanted = ({ consents, trip, documents }: CaseContext): boolean =>
  consents['health-data'].status === 'given' &&
  (trip.procedure !== null || documents.some(isForClinic));

/** What the clinic cannot offer stays so until staff say otherwise, also when the patient takes back what it looked at. */
const awaitsReview = (context: CaseContext): boolean =>
  context.review === 'declined' || (isReviewWanted(context) && context.review !== 'cleared');

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

/** As `outputOf`, where an action takes more than an output. */
const understood = ({ event }: { event: DoneActorEvent<Understanding> }): Understanding =>
  event.output;

/** A button or a place has no words, and of some words nothing can be made. */
const notUnderstood = (): null => null;

/** The code of what an effect failed with, as the host tells it. */
const codeOf = ({ event }: { event: ErrorActorEvent }): { code: string } => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return { code: typeof code === 'string' ? code : 'failed' };
};

const summaries = ({ offers }: FlightOffers): Offer[] =>
  offers
    .flatMap(({ id, price, expiresAt, legs }): Offer[] => {
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
          ...(expiresAt === undefined ? {} : { expiresAt }),
          legs,
        },
      ];
    })
    .slice(0, maxOffers);

const isUnwanted = ({ status }: Consent): boolean => status === 'refused' || status === 'withdrawn';

/** The details of a message that are sure enough and were not said later in another one. */
const newDetails = (
  { toldAt, destination, consents, withdrawnAt }: CaseContext,
  { details }: Understanding,
  at: string,
): Partial<Trip> => {
  // What was withdrawn stays withdrawn, also where it comes after the patient wrote anew.
  if (isSaidBefore(at, withdrawnAt)) return {};
  return Object.fromEntries(
    Object.entries(details).flatMap(([key, sure]) => {
      const before = toldAt[key as keyof Trip];
      if (sure === undefined || sure.confidence < sureEnough) return [];
      if (before !== undefined && Date.parse(at) < Date.parse(before)) return [];
      if (key === 'origin' && sure.value === destination) return [];
      if (key === 'procedure' && isUnwanted(consents['health-data'])) return [];
      return [[key, sure.value]];
    }),
  );
};

const consentsOf = (
  { consents }: CaseContext,
  change: (consent: Consent) => Consent,
): CaseContext['consents'] => ({
  service: change(consents.service),
  'health-data': change(consents['health-data']),
  'transfer-abroad': change(consents['transfer-abroad']),
  marketing: change(consents.marketing),
});

/** Where an answer comes from: a message, or the outcome of reading one. */
interface Evidence extends Seen {
  readonly event: { readonly type: string };
}

/** Answers to all purposes that stand as given: what a stop withdraws. */
const withdrawal = ({ context, event }: Evidence): ConsentAnswer => ({
  ...evidence({ context, event }),
  records: Object.entries(context.consents)
    .filter(([, { status }]) => status === 'given')
    .map(([purpose, { lang }]) => ({
      purpose: purpose as ConsentPurpose,
      status: 'withdrawn' as const,
      text: consentTexts[purpose as ConsentPurpose],
      lang,
    })),
});

const answered = (
  { context, event }: Heard,
  purpose: ConsentPurpose,
  status: 'given' | 'refused' | 'withdrawn',
): ConsentAnswer => ({
  ...evidence({ context, event }),
  records: [{ purpose, status, text: consentTexts[purpose], lang: context.consents[purpose].lang }],
});

/** The message that says it. What only understanding told is still being read. */
const evidence = ({ context, event }: Evidence): Omit<ConsentAnswer, 'records'> => {
  const said = event as { readonly messageId?: string; readonly at?: string };
  const { messageId = '', at = '' } = said.messageId === undefined ? (context.reading ?? {}) : said;
  const { tenant, tenantName, caseId } = context;
  return { tenant, tenantName, caseId, messageId, at };
};

const serviceGiven = (heard: Heard) => answered(heard, 'service', 'given');
const serviceRefused = (heard: Heard) => answered(heard, 'service', 'refused');
const healthDataGiven = (heard: Heard) => answered(heard, 'health-data', 'given');
const healthDataRefused = (heard: Heard) => answered(heard, 'health-data', 'refused');
const healthDataWithdrawn = (heard: Heard) => answered(heard, 'health-data', 'withdrawn');
const transferGiven = (heard: Heard) => answered(heard, 'transfer-abroad', 'given');
const transferRefused = (heard: Heard) => answered(heard, 'transfer-abroad', 'refused');
const transferWithdrawn = (heard: Heard) => answered(heard, 'transfer-abroad', 'withdrawn');
const marketingGiven = (heard: Heard) => answered(heard, 'marketing', 'given');
const marketingRefused = (heard: Heard) => answered(heard, 'marketing', 'refused');
const marketingWithdrawn = (heard: Heard) => answered(heard, 'marketing', 'withdrawn');

// Messages. One function for each, so that the config names what is said.

const message = (
  { recipient, lang, heardAt }: CaseContext,
  text: TextKey,
  values: Message['values'] = {},
  choices?: readonly ButtonId[],
  purpose: Message['purpose'] = 'service',
): Message => ({
  recipient,
  lang,
  text,
  values,
  ...(choices === undefined ? {} : { choices }),
  heardAt,
  purpose,
});

const notice = (context: CaseContext, text: TextKey, choices?: readonly ButtonId[]): Message =>
  message(context, text, { tenant: context.tenantName }, choices, 'notice');

const consentQuestion = (context: CaseContext, purpose: ConsentPurpose, text?: TextKey): Message =>
  notice(context, text ?? consentTexts[purpose], [
    `consent:${purpose}:yes`,
    `consent:${purpose}:no`,
  ]);

const consentAsked = ({ context }: Seen): Message => consentQuestion(context, 'service');
const consentAskedAgain = ({ context }: Seen): Message =>
  consentQuestion(context, 'service', 'consent.again');
const consentReminder = ({ context }: Seen): Message =>
  consentQuestion(context, 'service', 'consent.reminder');
const consentRefused = ({ context }: Seen): Message => notice(context, 'consent.refused');
const consentUnanswered = ({ context }: Seen): Message => notice(context, 'consent.unanswered');
const consentNoted = ({ context }: Seen): Message => notice(context, 'consent.noted');
const healthDataAsked = ({ context }: Seen): Message => consentQuestion(context, 'health-data');
const transferAsked = ({ context }: Seen): Message => consentQuestion(context, 'transfer-abroad');
const marketingAsked = ({ context }: Seen): Message => consentQuestion(context, 'marketing');

const originAsked = ({ context }: Seen): Message => message(context, 'intake.origin');
const originAskedAgain = ({ context }: Seen): Message => message(context, 'intake.origin.again');
const dateAsked = ({ context }: Seen): Message => message(context, 'intake.date');
const dateAskedAgain = ({ context }: Seen): Message => message(context, 'intake.date.again');
const adultsAsked = ({ context }: Seen): Message => message(context, 'intake.adults');
const adultsAskedAgain = ({ context }: Seen): Message => message(context, 'intake.adults.again');
const intakeReminder = ({ context }: Seen): Message => message(context, 'intake.reminder');
const placeAnswered = ({ context }: Seen): Message => message(context, 'conversation.location');

const searching = ({ context }: Seen): Message =>
  message(context, 'flights.searching', {
    origin: context.trip.origin ?? '',
    destination: context.destination,
    date: context.trip.departDate ?? '',
  });
const noFlights = ({ context }: Seen): Message =>
  message(context, 'flights.none', { date: context.trip.departDate ?? '' });

const offerMessage = (context: CaseContext, text: TextKey): Message => {
  const { list, round } = context.offers;
  const mark = round === 1 ? '' : (`:${round}` as const);
  const choices: ButtonId[] = [
    ...list.map((_, index): ButtonId => `offer:${index + 1}${mark}`),
    `offer:none${mark}`,
  ];
  const offers = list.map(
    ({ legs: _legs, expiresAt: _expiresAt, ...summary }): OfferSummary => summary,
  );
  return message(context, text, { offers }, choices);
};
const offersShown = ({ context }: Seen): Message => offerMessage(context, 'offer.list');
const offerReminder = ({ context }: Seen): Message => offerMessage(context, 'offer.reminder');
const offerLapsed = ({ context }: Seen): Message => message(context, 'offer.lapsed');
const offerExpired = ({ context }: Seen): Message => message(context, 'offer.expired');

/** What a child wants said, to where the patient is now. */
const saidByChild = ({ context, event }: Heard): Message => {
  if (event.type !== 'say') throw new Error('Nobody said anything');
  return message(context, event.text, event.values, event.choices, event.purpose);
};

const paymentReceived = ({ context, event }: Heard): Message => {
  const bookingId = 'bookingId' in event ? event.bookingId : null;
  const standing = context.standings.find((one) => one.bookingId === bookingId);
  if (standing === undefined) throw new Error('A receipt needs a booking');
  const { title, total } = standing;
  return message(context, 'payment.received', { title, total });
};

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

const reviewWaiting = ({ context }: Seen): Message => message(context, 'review.waiting');
const reviewDeclined = ({ context }: Seen): Message => message(context, 'review.declined');

const goodbye = ({ context }: Seen): Message => message(context, 'aftercare.start');

const handedOver = ({ context }: Seen): Message => notice(context, 'staff.handover');
const urgentAnswered = ({ context }: Seen): Message => notice(context, 'conversation.urgent');
const unreadableAnswered = ({ context }: Seen): Message =>
  notice(context, 'conversation.unreadable');
/** As a template whatever we think of the window: free text has just been refused. */
const windowReopened = ({ context }: Seen): Message => ({
  ...message(context, 'conversation.reopen', {}, undefined, servicePurpose(context)),
  heardAt: null,
});

/** Before the consent, what is said is about the consent. */
const servicePurpose = ({ consents }: CaseContext): Message['purpose'] =>
  consents.service.status === 'given' ? 'service' : 'notice';

const staffReply = ({ context, event }: Heard): Message =>
  message(
    context,
    'staff.reply',
    { text: event.type === 'staff.reply' ? event.text : '' },
    undefined,
    servicePurpose(context),
  );
const staffFile = ({ context, event }: Heard): FileMessage => ({
  recipient: context.recipient,
  lang: context.lang,
  document: event.type === 'staff.send' ? event.document : '',
  heardAt: context.heardAt,
  purpose: 'health-data',
});

const mediaReceived = ({ context }: Seen): Message => message(context, 'media.received');
const mediaNotKept = ({ context }: Seen): Message => message(context, 'media.refused');
const mediaProblem = ({ context }: Seen, { code }: { code: string }): Message => {
  const texts: Readonly<Record<string, TextKey>> = {
    media_too_large: 'media.tooLarge',
    media_wrong_type: 'media.wrongType',
    media_damaged: 'media.damaged',
    media_unsafe: 'media.unsafe',
    media_gone: 'media.gone',
  };
  const limit = megabytes[context.attachments[0]?.kind ?? 'image'];
  return message(context, texts[code] ?? 'media.failed', { limit });
};
const mediaRefused = ({ context, event }: { context: CaseContext; event: ErrorActorEvent }) =>
  mediaProblem({ context }, codeOf({ event }));

/** `enqueueActions` with our types: inside `setup` it can't infer them while it infers the guards'. */
const enqueued = enqueueActions<
  CaseContext,
  CaseEvent,
  ParameterizedObject['params'] | undefined,
  CaseEvent,
  { src: 'invoice'; logic: typeof invoiceMachine; id: string | undefined },
  never,
  never
>;

/**
 * One patient's journey with one tenant: consent, trip details, flights, offer, booking, travel, treatment, aftercare.
 * Beside it run what the patient says and how it is understood, the consents, the conversation (bot or staff, and the
 * provider's 24-hour window), the files that the patient sent, and money owed back. A stop word ends all of it at once.
 */
export const caseMachine = setup({
  types: {} as {
    context: CaseContext;
    events: CaseEvent;
    input: CaseInput;
    output: CaseOutput;
    meta: StateMeta;
    tags: CaseTag;
    children: { imaging: 'imaging'; documents: 'documents'; deal: 'deal' };
  },
  actors: {
    understand: {} as PromiseActorLogic<Understanding, Utterance>,
    fetchMedia: {} as PromiseActorLogic<StoredDocument, Attachment>,
    searchFlights: {} as PromiseActorLogic<FlightOffers, FlightQuery>,
    tellClinic: {} as PromiseActorLogic<ClinicReceipt, ClinicFlights>,
    // The machines beside this one, put in their places by the host.
    booking: {} as typeof bookingMachine,
    invoice: {} as typeof invoiceMachine,
    imaging: {} as typeof imagingMachine,
    documents: {} as typeof documentsMachine,
    deal: {} as typeof dealMachine,
  },
  actions: {
    sendMessage: (_args, _message: Message) => {}, // The host performs it.
    sendFile: (_args, _file: FileMessage) => {}, // So it does this.
    recordConsent: (_args, _answer: ConsentAnswer) => {}, // And this.
    handOver: raise((_, { reason }: { reason: HandOverReason }) => ({ type: 'handOver', reason })),
    spawnBooking: spawnChild('booking', { id: newestBookingId, input: bookingInput }),
    toBooking: sendTo(bookingOf, ({ event }) => event),
    /** As it is said since version 3. */
    toBookingAsNotice: sendTo(bookingOf, ({ event }) => ({
      type: 'payment.notified',
      provider: 'provider' in event ? event.provider : '',
      notice: event.type === 'payment.succeeded' ? 'paid' : 'failed',
      bookingId: 'bookingId' in event ? event.bookingId : null,
      checkoutId: 'checkoutId' in event ? event.checkoutId : null,
      paymentId: null,
      at: 'at' in event ? event.at : '',
    })),
    renewLink: sendTo(
      ({ event }) => renewedIn(event) ?? '',
      ({ event }) => ({ type: 'booking.renew', at: 'at' in event ? event.at : '' }),
    ),
    resumeMoney: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'staff.resume') return;
      const { bookingId: booking, invoiceId: invoice } = event;
      const isNamed = booking !== undefined || invoice !== undefined;
      for (const { bookingId, heldFor } of context.standings)
        if (isNamed ? bookingId === booking : triedAgain.has(heldFor ?? ''))
          enqueue.sendTo(bookingId, event);
      for (const { actorId, heldFor } of context.invoices)
        if (isNamed ? actorId === invoiceActorOf(invoice ?? '') : triedAgain.has(heldFor ?? ''))
          enqueue.sendTo(actorId, event);
    }),
    abandonBookings: enqueued(({ context, enqueue }) => {
      for (const { bookingId } of context.standings)
        enqueue.sendTo(bookingId, { type: 'booking.abandon' });
    }),
    toInvoice: sendTo(
      ({ event }) => invoiceActorOf('invoiceId' in event ? event.invoiceId : ''),
      ({ event }) => event,
    ),
    tellInvoices: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'staff.billing') return;
      const { buyer } = event;
      for (const { actorId, heldFor } of context.invoices)
        if (heldFor !== null) enqueue.sendTo(actorId, { type: 'invoice.buyer', buyer });
    }),
    /** One for what may be exempt, one for the rest. */
    beginInvoices: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'booking.confirmed' || !context.isInvoicing) return;
      const standing = context.standings.find(({ bookingId }) => bookingId === event.bookingId);
      if (standing === undefined || standing.invoices > 0) return;
      const { provider, paymentId, paidAt } = event.payment;
      const invoices = invoiceGroups(standing.lines).map((lines, index): InvoiceStanding => ({
        actorId: `${event.bookingId}-i${index + 1}`,
        bookingId: event.bookingId,
        lines,
        paidAt: paidAt ?? event.at,
        payment: { provider, paymentId: paymentId ?? '' },
        isCredit: false,
        keptAs: null,
        heldFor: null,
        credited: lines.map(() => '0'),
        toCredit: lines.map(() => '0'),
      }));
      enqueue.assign({
        invoices: [...context.invoices, ...invoices],
        ...changedBooking(context, event, { invoices: invoices.length }),
      });
      for (const invoice of invoices)
        enqueue.spawnChild('invoice', {
          id: invoice.actorId,
          input: invoiceInput(context, invoice, null),
        });
    }),
    /** What went back since the last time, over the booking's invoices. */
    noteToCredit: assign(({ context, event }) => {
      if (event.type !== 'booking.refunded') return {};
      const standing = context.standings.find(({ bookingId }) => bookingId === event.bookingId);
      if (standing === undefined) return {};
      const sold = context.invoices.filter(
        ({ bookingId, isCredit }) => bookingId === event.bookingId && !isCredit,
      );
      const before = BigInt(standing.refundedMinor);
      const more = BigInt(event.refundedMinor) - before;
      const { invoices, allocatedMinor } = creditedMore(sold, more > 0n ? more : 0n);
      return {
        ...changedBooking(context, event, {
          refundedMinor: String(before + allocatedMinor),
          ...(event.isWhole ? { status: 'refunded' as const } : {}),
        }),
        invoices: context.invoices.map((invoice) => invoices[sold.indexOf(invoice)] ?? invoice),
      };
    }),
    /** A credit note names the invoice that it gives back, so it waits until that one stands. */
    beginCredits: enqueued(({ context, enqueue }) => {
      const due = context.invoices.filter(
        (invoice) => invoice.keptAs !== null && isCreditDue(invoice),
      );
      if (due.length === 0) return;
      const counts = new Map(context.standings.map((one) => [one.bookingId, one.invoices]));
      const credits = due.map((invoice) => {
        const count = (counts.get(invoice.bookingId) ?? 0) + 1;
        counts.set(invoice.bookingId, count);
        const credit: InvoiceStanding = {
          ...invoice,
          actorId: `${invoice.bookingId}-i${count}`,
          lines: creditLines(invoice),
          isCredit: true,
          keptAs: null,
          heldFor: null,
          credited: [],
          toCredit: [],
        };
        return { credit, credits: invoice.keptAs };
      });
      enqueue.assign({
        standings: context.standings.map((one) => ({
          ...one,
          invoices: counts.get(one.bookingId) ?? one.invoices,
        })),
        invoices: [
          ...context.invoices.map((invoice) =>
            due.includes(invoice)
              ? { ...invoice, toCredit: invoice.lines.map(() => '0') }
              : invoice,
          ),
          ...credits.map(({ credit }) => credit),
        ],
      });
      for (const { credit, credits: credited } of credits)
        enqueue.spawnChild('invoice', {
          id: credit.actorId,
          input: invoiceInput(context, credit, credited),
        });
    }),
    askForMarketing: raise({ type: 'marketing.due' }),
    toImaging: sendTo('imaging', ({ event }) => event),
    toDocuments: sendTo('documents', ({ event }) => event),
    askForDocument: raise((_, { kind }: { kind: DocumentKind }) => ({
      type: 'document.due',
      kind,
    })),
    askDocument: raise(({ event }) => ({
      type: 'document.due',
      kind: event.type === 'staff.askDocument' ? event.kind : 'passport',
    })),
    /** For who was not there yet when it came. */
    sayAgain: raise(({ event }) => event),
    wantDocument: sendTo('documents', ({ context, event }) => ({
      type: 'documents.wanted',
      kind: event.type === 'document.due' ? event.kind : 'passport',
      recipient: context.recipient,
      lang: context.lang,
      heardAt: context.heardAt,
    })),

    // Hearing.
    noteHeard: assign(({ context, event }) => {
      if (event.type !== 'whatsapp.inbound') return {};
      const newest = later(context.heardAt, event.at) === event.at;
      return {
        heardAt: later(context.heardAt, event.at),
        ...(newest && event.lang !== null ? { lang: event.lang } : {}),
        ...(newest && event.from
          ? { recipient: { ...context.recipient, ...recipientOf(event.from) } }
          : {}),
      };
    }),
    hear: assign(({ context, event }) => {
      const said = saidIn(event);
      if (said === null || event.type !== 'whatsapp.inbound') return {};
      const { messageId, at } = event;
      const text = wordsOf(said)?.slice(0, 2_000) ?? null;
      const buttonId = said.kind === 'button' ? said.id : null;
      return { heard: [...context.heard, { messageId, at, text, buttonId }] };
    }),
    takeNext: assign(({ context }) => {
      const next = nextHeard(context) ?? null;
      return { reading: next, heard: context.heard.filter((message) => message !== next) };
    }),
    noteRead: assign(({ context }) => ({
      reading: null,
      readUpTo: later(context.readUpTo, context.reading?.at ?? null),
    })),
    keepDetails: assign(({ context }, understanding: Understanding) => {
      const at = context.reading?.at ?? '';
      const details = newDetails(context, understanding, at);
      const toldAt = Object.fromEntries(Object.keys(details).map((key) => [key, at]));
      const { lang } = understanding;
      const speaks = lang !== null && lang.confidence >= 0.8 && at === context.heardAt;
      return {
        trip: { ...context.trip, ...details },
        toldAt: { ...context.toldAt, ...toldAt },
        ...(speaks ? { lang: lang.value } : {}),
      };
    }),
    tell: raise(({ context }, understanding: Understanding | null) => {
      const { messageId, at, text, buttonId } = context.reading ?? {
        messageId: '',
        at: '',
        text: null,
        buttonId: null,
      };
      const { intent, details } = understanding ?? { intent: null, details: {} };
      const plain = buttonId === null ? 'place' : 'press';
      const sure = intent !== null && intent.confidence >= sureEnough ? intent.value : 'unclear';
      return {
        type: 'patient.said',
        messageId,
        at,
        text,
        buttonId,
        intent: text === null ? plain : sure,
        informs: Object.values(details).some((detail) => detail.confidence >= sureEnough),
        late: context.readUpTo !== null && Date.parse(at) < Date.parse(context.readUpTo),
      };
    }),
    goOnHearing: raise({ type: 'hearing.next' }),

    // Asking.
    noteAsked: assign(({ context }, { question }: { question: Question }) => ({
      asked: question,
      askedAt: context.heardAt,
      askedBefore: null,
    })),
    noteAskedBetween: assign(({ context }, { purpose }: { purpose: ConsentPurpose }) => ({
      consents: {
        ...context.consents,
        [purpose]: {
          ...context.consents[purpose],
          status: 'asked',
          lang: context.lang,
        } satisfies Consent,
      },
      asked: purpose,
      askedAt: context.heardAt,
      askedBefore: context.asked,
    })),
    noteServiceAsked: assign(({ context }) => ({
      consents: {
        ...context.consents,
        service: {
          ...context.consents.service,
          status: 'asked',
          lang: context.lang,
        } satisfies Consent,
      },
    })),
    /** A consent that was asked in between stays asked. */
    forgetAsked: assign(({ context }) =>
      context.askedBefore === null ? { asked: null, askedAt: null } : { askedBefore: null },
    ),
    keepConsent: assign(
      (
        { context, event },
        { purpose, status }: { purpose: ConsentPurpose; status: Consent['status'] },
      ) => ({
        consents: {
          ...context.consents,
          [purpose]: {
            ...context.consents[purpose],
            status,
            at: 'at' in event ? event.at : context.heardAt,
          },
        },
        ...(context.asked === purpose ? { asked: context.askedBefore, askedBefore: null } : {}),
        ...(context.askedBefore === purpose ? { askedBefore: null } : {}),
        misses: 0,
      }),
    ),
    /** Everything, asked or not: what was said before and comes after it must not give a consent any more. */
    withdrawConsents: assign(({ context, event }) => {
      const at = 'at' in event ? event.at : (context.reading?.at ?? null);
      return {
        consents: consentsOf(context, (consent) => ({ ...consent, status: 'withdrawn', at })),
        withdrawnAt: at,
      };
    }),
    /** They keep when they were withdrawn: a button pressed before that gives nothing. */
    forgetConsents: assign(({ context }) => ({
      consents: consentsOf(context, (consent) => ({ ...consent, status: 'unasked' })),
      readUpTo: later(context.readUpTo, context.consents.service.at),
      misses: 0,
    })),
    countMiss: assign(({ context }) => ({ misses: context.misses + 1 })),
    forgetMisses: assign({ misses: 0 }),
    forgetDepartDate: assign(({ context, event }) => ({
      trip: { ...context.trip, departDate: null, returnDate: null },
      toldAt: {
        ...context.toldAt,
        ...(event.type === 'patient.said' ? { departDate: event.at, returnDate: event.at } : {}),
      },
      searched: null,
      misses: 0,
    })),
    /** The date of a journey that slept is over, unless this message says another. */
    forgetOldDate: assign(({ context, event }) => {
      const isNew = event.type === 'patient.said' && context.toldAt.departDate === event.at;
      return {
        trip: isNew ? context.trip : { ...context.trip, departDate: null, returnDate: null },
        searched: null,
        misses: 0,
      };
    }),
    /** Without consent nothing the patient said of the trip or of their health is kept. */
    forgetTrip: assign(({ context }) => ({
      clinic: { ...context.clinic, deal: null },
      trip: emptyTrip,
      toldAt: {},
      searched: null,
      attachments: [],
      heard: [],
      reading: null,
      imaging: null,
      imagingHeld: null,
    })),
    forgetProcedure: assign(({ context: { trip, clinic } }) => ({
      trip: { ...trip, procedure: null },
      clinic: { ...clinic, deal: clinic.deal && { ...clinic.deal, treatment: null } },
    })),

    // Offer, booking and money.
    noteSearch: assign(({ context }) => ({ searched: tripKey(context) })),
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
          isConfirmed: false,
          paymentId: null,
        },
        standings: [
          ...context.standings,
          standingOf(`${context.caseId}-b${bookings}`, tripTitle({ offer }), [
            { kind: 'travel', description: tripTitle({ offer }), quantity: 1, gross: offer.price },
          ]),
        ],
        misses: 0,
      };
    }),
    beginQuote: assign(({ context, event }) => {
      if (event.type !== 'staff.quote') return {};
      const bookings = context.bookings + 1;
      const { title, lines } = event;
      return {
        bookings,
        standings: [
          ...context.standings,
          standingOf(`${context.caseId}-b${bookings}`, title, lines),
        ],
      };
    }),
    keepBooking: assign(({ context, event }) => ({
      booking: context.booking && {
        ...context.booking,
        isConfirmed: true,
        paymentId: event.type === 'booking.confirmed' ? event.payment.paymentId : null,
      },
    })),
    dropBooking: assign({ booking: null }),
    noteBookingPaid: assign(({ context, event }) =>
      changedBooking(context, event, { status: 'paid', heldFor: null }),
    ),
    noteBookingChargedBack: assign(({ context, event }) =>
      changedBooking(context, event, { status: 'chargedBack' }),
    ),
    noteBookingKept: assign(({ context, event }) =>
      changedBooking(context, event, { isKept: true }),
    ),
    noteBookingLapsed: assign(({ context, event }) =>
      changedBooking(context, event, { status: 'lapsed' }),
    ),
    noteBookingHeld: assign(({ context, event }) =>
      changedBooking(context, event, {
        heldFor: 'heldFor' in event ? event.heldFor : null,
      }),
    ),
    noteBookingSettled: assign(({ context, event }) =>
      changedBooking(context, event, { heldFor: null }),
    ),
    keepBuyer: assign(({ event }) =>
      event.type === 'staff.billing' ? { buyer: event.buyer } : {},
    ),
    noteInvoice: assign(({ context, event }) => {
      if (!event.type.startsWith('invoice.') || !('invoiceId' in event)) return {};
      const heldFor = event.type === 'invoice.held' ? event.heldFor : null;
      return {
        invoices: changed(
          context.invoices,
          ({ actorId }) => actorId === invoiceActorOf(event.invoiceId ?? ''),
          () => ({
            heldFor,
            ...(event.type === 'invoice.archived' ? { keptAs: event.invoiceId } : {}),
          }),
        ),
      };
    }),

    // Files.
    keepAttachment: assign(({ context, event }) => {
      const file = attachmentIn({ context, event });
      return file === null ? {} : { attachments: [...context.attachments, file] };
    }),
    dropAttachment: assign(({ context }) => ({ attachments: context.attachments.slice(1) })),
    dropAttachments: assign({ attachments: [] }),
    keepDocument: assign(({ context }, { key, size, checksum, contentType }: StoredDocument) => ({
      documents: [...context.documents, { key, size, checksum, contentType }].slice(-maxDocuments),
      attachments: context.attachments.slice(1),
    })),

    // The clinic.
    keepClinicIds: assign(({ context, event }) =>
      event.type === 'staff.linked'
        ? {
            clinic: {
              ...context.clinic,
              patientId: event.patientId ?? context.clinic.patientId,
              dealId: event.dealId ?? context.clinic.dealId,
              itineraryId: event.itineraryId ?? context.clinic.itineraryId,
            },
          }
        : {},
    ),
    setDeal: assign(({ context, event }) =>
      event.type === 'deal.read' ? { clinic: { ...context.clinic, deal: event.deal } } : {},
    ),
    forgetDeal: assign(({ context }) => ({ clinic: { ...context.clinic, deal: null } })),
    setTold: assign(({ context: { clinic } }, { itineraryId }: ClinicReceipt) => ({
      clinic: { ...clinic, isTold: true, itineraryId: itineraryId ?? clinic.itineraryId },
    })),
    raiseTold: raise(({ context }, { itineraryId }: ClinicReceipt) => ({
      type: 'clinic.told',
      flights: context.booking?.offer.legs ?? [],
      itineraryId: itineraryId ?? null,
    })),
    toDeal: sendTo('deal', ({ event }) => event),
    nameItinerary: sendTo('deal', ({ event }) => ({
      type: 'itinerary.named',
      itineraryId: event.type === 'staff.linked' ? (event.itineraryId ?? '') : '',
    })),
    noteReview: assign((_, { review }: Pick<CaseContext, 'review'>) => ({ review })),
    keepImaging: assign((_, imaging: ImagingOutput) => ({ imaging, imagingHeld: null })),
    forgetImaging: assign({ imaging: null, imagingHeld: null }),
    forgetImagingHeld: assign({ imagingHeld: null }),
    noteImagingHeld: assign(({ event }) =>
      event.type === 'imaging.held'
        ? { imagingHeld: { heldFor: event.heldFor, tags: event.tags } }
        : {},
    ),
    keepVerified: assign(({ context, event }) => {
      if (event.type !== 'document.verified') return {};
      const { key, size, checksum, contentType } = event;
      const others = context.documents.filter((document) => document.key !== key);
      return { documents: [...others, { key, size, checksum, contentType }].slice(-maxDocuments) };
    }),
    dropExpired: assign(({ context, event }) =>
      event.type === 'document.expired'
        ? { documents: context.documents.filter(({ key }) => key !== event.key) }
        : {},
    ),

    // Staff.
    noteHandOver: assign(({ event }) => ({
      handedOverFor: event.type === 'handOver' ? event.reason : null,
      unanswered: 0,
    })),
    noteHandOverFor: assign((_, { reason }: { reason: HandOverReason }) => ({
      handedOverFor: reason,
      unanswered: 0,
    })),
    noteUnanswered: assign(({ context }) => ({ unanswered: context.unanswered + 1 })),
    noteUnreadable: assign(({ event }) => ({
      unreadableAt: event.type === 'whatsapp.inbound' ? event.at : null,
    })),
    forgetHandOver: assign({ handedOverFor: null, unanswered: 0 }),
    keepContact: assign(({ context, event }) =>
      event.type === 'whatsapp.contact'
        ? { recipient: { ...context.recipient, ...recipientOf(event.contact) } }
        : {},
    ),
    noteEnding: assign(({ event }, { outcome }: { outcome: CaseOutcome }) => ({
      ending: { outcome, reason: event.type === 'staff.close' ? event.reason : null },
    })),
  },
  guards: {
    saysStop,
    isWrittenAnew: ({ context, event }) =>
      event.type === 'whatsapp.inbound' &&
      isHeard({ context, event }) &&
      context.consents.service.at !== null &&
      Date.parse(event.at) > Date.parse(context.consents.service.at),
    isMessage: ({ context, event }) =>
      event.type === 'whatsapp.inbound' && !saysStop({ context, event }),
    isNewestMessage: ({ context, event }) =>
      event.type === 'whatsapp.inbound' &&
      !saysStop({ context, event }) &&
      later(context.heardAt, event.at) === event.at,
    isHeard,
    isTooMuch: ({ context, event }) =>
      isHeard({ context, event }) && context.heard.length >= maxHeard,
    hasHeard: ({ context }) => context.heard.length > 0,
    isNextPlain: ({ context }) => nextHeard(context)?.text === null,
    wantsToStop: (_, { intent }: Understanding) =>
      intent.value === 'stop' && intent.confidence >= 0.8,
    isNotPermitted: (_, { code }: { code: string }) => code === 'not_permitted',

    agreesToService: (heard) => agreesTo(heard, 'service'),
    refusesService: (heard) => refuses(heard, 'service'),
    agreesToPurpose: (heard, { purpose }: { purpose: ConsentPurpose }) => agreesTo(heard, purpose),
    refusesPurpose: (heard, { purpose }: { purpose: ConsentPurpose }) => refuses(heard, purpose),
    pressesNo: (heard, { purpose }: { purpose: ConsentPurpose }) =>
      pressesConsent(heard, purpose, 'no'),
    isServiceGiven: ({ context }) => context.consents.service.status === 'given',
    needsHealthData: ({ context }) =>
      context.consents.service.status === 'given' &&
      (context.attachments.length > 0 || context.trip.procedure !== null),
    needsTransfer: ({ context }) =>
      context.consents.service.status === 'given' &&
      context.consents['health-data'].status === 'given',

    isAside,
    saysSomethingElse: ({ event }) =>
      event.type === 'patient.said' && (event.informs || event.intent === 'greeting'),
    isFirstMiss: ({ context }) => context.misses + 1 < maxMisses,
    isForStaff: ({ context, event }) =>
      event.type === 'patient.said' &&
      !event.late &&
      event.text !== null &&
      event.intent !== 'thanks' &&
      !answersConsent({ context, event }),
    isUrgent: ({ event }) => spoken(event)?.intent === 'urgent',
    wantsPerson: ({ event }) => ['question', 'human'].includes(spoken(event)?.intent ?? ''),
    isPlaceForOrigin: ({ context, event }) =>
      spoken(event)?.intent === 'place' && context.asked === 'origin',
    isUnreadable: ({ context, event }) =>
      isUnreadable(event) &&
      'at' in event &&
      Date.parse(event.at) - Date.parse(context.unreadableAt ?? '1970-01-01') > unreadableEveryMs,
    wakes: ({ event }) => event.type === 'patient.said' && !event.late,
    waitsForAnswer: ({ context }) => waitsForAnswer(context),
    waitsForNoAnswer: ({ context }) => !waitsForAnswer(context),
    isWindowRefused: ({ event }) =>
      event.type === 'whatsapp.status' && event.status === 'failed' && event.errorCode === '131047',
    // Whichever of the two words on a refused free text comes first, the window's region sees to it.
    isUndelivered: ({ event }) =>
      (event.type === 'message.failed' && event.code !== '131047') ||
      (event.type === 'whatsapp.status' &&
        event.status === 'failed' &&
        event.errorCode !== '131047'),

    isReviewWanted: ({ context }) => isReviewWanted(context),
    isReviewUnwanted: ({ context }) => !isReviewWanted(context),
    awaitsReview: ({ context }) => awaitsReview(context),
    awaitsNoReview: ({ context }) => !awaitsReview(context),
    isDeclined: ({ context }) => context.review === 'declined',
    linksAnother: ({ context, event }) =>
      event.type === 'staff.linked' &&
      event.patientId !== undefined &&
      event.patientId !== context.clinic.patientId,
    linksAnotherDeal: ({ context, event }) =>
      event.type === 'staff.linked' &&
      event.dealId !== undefined &&
      event.dealId !== context.clinic.dealId,
    namesItinerary: ({ event }) => event.type === 'staff.linked' && event.itineraryId !== undefined,
    isDealLinked: ({ context }) =>
      context.clinic.dealId !== null && context.consents.service.status === 'given',
    isLinked: ({ context }) => context.clinic.patientId !== null,
    isClinicToBeTold: ({ context }) =>
      context.clinic.dealId !== null && context.booking !== null && context.booking.isConfirmed,

    lacksOrigin: ({ context }) => context.trip.origin === null,
    lacksDepartDate: ({ context }) => context.trip.departDate === null,
    lacksAdults: ({ context }) => context.trip.adults === null,
    knowsOrigin: ({ context }) => context.trip.origin !== null,
    knowsDepartDate: ({ context }) => context.trip.departDate !== null,
    knowsAdults: ({ context }) => context.trip.adults !== null,
    isAnotherTrip: ({ context }) =>
      tripKey(context) !== null && tripKey(context) !== context.searched,
    hasOffers: (_, found: FlightOffers) => summaries(found).length > 0,
    accepts: ({ context, event }) =>
      typeof choiceIn({ context, event }) === 'number' && stillValid({ context, event }),
    acceptsTooLate: ({ context, event }) =>
      typeof choiceIn({ context, event }) === 'number' && !stillValid({ context, event }),
    declines: ({ context, event }) => choiceIn({ context, event }) === 'none',
    pressesOldButton: ({ context, event }) => choiceIn({ context, event }) === 'old',

    isFile: ({ context, event }) =>
      attachmentIn({ context, event }) !== null && context.attachments.length < maxAttachments,
    isOneFileTooMany: ({ context, event }) =>
      attachmentIn({ context, event }) !== null && context.attachments.length >= maxAttachments,
    hasNoAttachment: ({ context }) => context.attachments.length === 0,
    mayKeepFiles: ({ context }) =>
      context.consents.service.status === 'given' &&
      context.consents['health-data'].status === 'given',
    mayNotKeepFiles: ({ context }) => isUnwanted(context.consents['health-data']),
    isLastFile: ({ context }) => context.attachments.length === 1,
    isSpoken: ({ context }) => ['audio', 'video'].includes(context.attachments[0]?.kind ?? ''),
    isPatientsToMend: (_, { code }: { code: string }) => code.startsWith('media_'),

    isThisBooking: ({ context, event }) =>
      'bookingId' in event && event.bookingId === context.booking?.bookingId,
    isOurBooking: ({ context, event }) =>
      'bookingId' in event &&
      context.standings.some(({ bookingId }) => bookingId === event.bookingId),
    isOurBookingOfOld: ({ context, event }) =>
      'bookingId' in event &&
      'checkoutId' in event &&
      context.standings.some(({ bookingId }) => bookingId === event.bookingId),
    isOurInvoice: ({ context, event }) =>
      event.type === 'efatura.status.update' &&
      context.invoices.some(({ actorId }) => actorId === invoiceActorOf(event.invoiceId)),
    isPaymentOfNobody: ({ event }) =>
      event.type === 'payment.notified' && event.notice !== 'returned',
    isWhollyRefunded: ({ context, event }) =>
      event.type === 'booking.refunded' &&
      event.isWhole &&
      event.bookingId === context.booking?.bookingId,
    isQuote: ({ context, event }) =>
      'bookingId' in event && event.bookingId !== context.booking?.bookingId,
    wantsNewLink: ({ context, event }) => {
      const renewed = renewedIn(event);
      return context.standings.some(
        ({ bookingId, status }) => bookingId === renewed && status === 'open',
      );
    },
    isRefundDue: ({ context }) => context.standings.some(isInDoubt),
    isNoRefundDue: ({ context }) => !context.standings.some(isInDoubt),
    isNoInvoiceHeld: ({ context }) => context.invoices.every(({ heldFor }) => heldFor === null),
    isInvoiceHeld: ({ context }) => context.invoices.some(({ heldFor }) => heldFor !== null),
    holdsMoney: ({ context }) => context.standings.some(isToSettle),
    holdsNoMoney: ({ context }) => !context.standings.some(isToSettle),
    mayClose: ({ context }) => owesNothing(context) && context.consents.service.status === 'given',
    mayEnd: ({ context }) => owesNothing(context),
    wasNeverPaid: ({ context }) =>
      owesNothing(context) && context.standings.every(({ status }) => status === 'lapsed'),
    owesNothing: ({ context }) => owesNothing(context),
    mayNotBeDisputed: ({ context }) => !mayBeDisputed(context),
    isLeaving: ({ context }) =>
      context.ending?.outcome === 'consent-withdrawn' &&
      context.invoices.every(({ heldFor }) => heldFor === null),
  },
  delays: {
    // WhatsApp takes free text until 24 h after the patient's last message, then templates only (131047).
    // What a timer says is said within 23 h where it can be, so that it reads like the rest.
    reminder: 23 * hour,
    patience: 7 * day,
    offerReminder: 20 * hour,
    offerLifetime: 23 * hour,
    window: 24 * hour,
    reviewPatience: 2 * day,
    dormancy: 30 * day,
    aftercare: 30 * day,
    retention: ({ context }) => (mayBeDisputed(context) ? disputable : 30 * day),
    disputes: disputable,
  },
}).createMachine({
  id: 'case',
  version: '5',
  description: "One patient's journey with one tenant.",
  meta: { label: 'Case', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  output: caseOutput,
  initial: 'open',
  states: {
    open: {
      description:
        'The case lives: what the patient says, the journey, the consents, the conversation, files, and money owed back.',
      meta: { label: 'Open', waitsFor: 'nobody', targetMinutes: null },
      type: 'parallel',
      on: {
        'whatsapp.inbound': {
          guard: 'saysStop',
          target: 'withdrawn',
          actions: [{ type: 'recordConsent', params: withdrawal }, 'withdrawConsents'],
        },
        'whatsapp.contact': { actions: 'keepContact' },
        'staff.reply': { actions: { type: 'sendMessage', params: staffReply } },
        'staff.send': { actions: { type: 'sendFile', params: staffFile } },
        'staff.linked': { actions: 'keepClinicIds' },
        say: { actions: { type: 'sendMessage', params: saidByChild } },
      },
      states: {
        hearing: {
          description: 'Messages are understood one by one, in the order they were said.',
          meta: { label: 'Hearing', waitsFor: 'nobody', targetMinutes: null },
          initial: 'quiet',
          on: {
            'whatsapp.inbound': [
              {
                guard: 'isTooMuch',
                actions: [
                  'noteHeard',
                  { type: 'handOver', params: { reason: 'too-many-messages' } },
                ],
              },
              { guard: 'isHeard', actions: ['noteHeard', 'hear'] },
              { guard: 'isMessage', actions: 'noteHeard' },
            ],
          },
          states: {
            quiet: {
              description: 'Everything the patient said is understood.',
              meta: { label: 'Nothing unread', waitsFor: 'nobody', targetMinutes: null },
              always: { guard: 'hasHeard', target: 'taking' },
            },
            taking: {
              description: 'A button or a place says what it is; words have to be understood.',
              meta: { label: 'Next message', waitsFor: 'nobody', targetMinutes: null },
              always: [
                {
                  guard: 'isNextPlain',
                  target: 'telling',
                  actions: [
                    'takeNext',
                    { type: 'tell', params: notUnderstood },
                    'noteRead',
                    'goOnHearing',
                  ],
                },
                { target: 'reading', actions: 'takeNext' },
              ],
            },
            reading: {
              description: 'Language, intent and details of one message.',
              meta: { label: 'Reading a message', waitsFor: 'provider', targetMinutes: 5 },
              invoke: {
                id: 'understand',
                src: 'understand',
                input: utterance,
                onDone: [
                  {
                    guard: { type: 'wantsToStop', params: understood },
                    target: '#case.withdrawn',
                    actions: [{ type: 'recordConsent', params: withdrawal }, 'withdrawConsents'],
                  },
                  {
                    target: 'telling',
                    actions: [
                      { type: 'keepDetails', params: understood },
                      { type: 'tell', params: understood },
                      'noteRead',
                      'goOnHearing',
                    ],
                  },
                ],
                onError: [
                  // The consent to have it read abroad is withdrawn: it is read here.
                  {
                    guard: { type: 'isNotPermitted', params: codeOf },
                    target: 'reading',
                    reenter: true,
                  },
                  {
                    target: 'telling',
                    actions: [{ type: 'tell', params: notUnderstood }, 'noteRead', 'goOnHearing'],
                  },
                ],
              },
            },
            telling: {
              description: 'The other regions take in what was said, before the next is read.',
              meta: { label: 'Message understood', waitsFor: 'nobody', targetMinutes: null },
              on: { 'hearing.next': { target: 'quiet' } },
            },
          },
        },
        journey: {
          description: 'Where the patient stands on the way from the first message to aftercare.',
          meta: { label: 'Journey', waitsFor: 'nobody', targetMinutes: null },
          initial: 'contacted',
          on: {
            // Wherever the patient stands by then: money may come late, and staff may take it.
            'booking.confirmed': {
              guard: 'isThisBooking',
              target: '.travel',
              actions: ['keepBooking', { type: 'sendMessage', params: bookingConfirmed }],
            },
            'staff.close': {
              target: '.settlingUp',
              actions: [
                { type: 'noteEnding', params: { outcome: 'closed-by-staff' } },
                'abandonBookings',
              ],
            },
          },
          states: {
            contacted: {
              description: 'The case exists; the message that made it has not been read yet.',
              meta: { label: 'New contact', waitsFor: 'patient', targetMinutes: null },
              tags: ['waiting-for-patient'],
              on: { 'whatsapp.inbound': { guard: 'isMessage', target: 'consent' } },
              after: {
                patience: {
                  target: '#case.noConsent',
                  actions: { type: 'noteEnding', params: { outcome: 'lapsed' } },
                },
              },
            },
            consent: {
              description:
                'The patient is asked whether we may use their data to arrange the trip.',
              meta: { label: 'Consent asked', waitsFor: 'patient', targetMinutes: 1440 },
              tags: ['waiting-for-patient'],
              entry: [
                'noteServiceAsked',
                { type: 'noteAsked', params: { question: 'service' } },
                { type: 'sendMessage', params: consentAsked },
              ],
              exit: 'forgetAsked',
              on: {
                'patient.said': [
                  {
                    guard: 'agreesToService',
                    target: 'intake',
                    actions: [
                      { type: 'recordConsent', params: serviceGiven },
                      { type: 'keepConsent', params: { purpose: 'service', status: 'given' } },
                    ],
                  },
                  {
                    guard: 'refusesService',
                    target: '#case.noConsent',
                    actions: [
                      { type: 'recordConsent', params: serviceRefused },
                      { type: 'keepConsent', params: { purpose: 'service', status: 'refused' } },
                      { type: 'noteEnding', params: { outcome: 'consent-refused' } },
                      { type: 'sendMessage', params: consentRefused },
                    ],
                  },
                  { guard: 'isAside' },
                  {
                    guard: 'isFirstMiss',
                    actions: ['countMiss', { type: 'sendMessage', params: consentAskedAgain }],
                  },
                  { guard: 'saysSomethingElse' },
                  {
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
                  target: '#case.noConsent',
                  actions: [
                    { type: 'noteEnding', params: { outcome: 'consent-unanswered' } },
                    { type: 'sendMessage', params: consentUnanswered },
                  ],
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
                    {
                      guard: 'isDeclined',
                      target: '#case.open.journey.clinicalReview',
                      actions: { type: 'sendMessage', params: reviewDeclined },
                    },
                    {
                      guard: 'awaitsReview',
                      target: '#case.open.journey.clinicalReview',
                      actions: { type: 'sendMessage', params: reviewWaiting },
                    },
                    { target: '#case.open.journey.searching' },
                  ],
                },
                origin: {
                  description:
                    'Where does the patient fly from? An airport code or a city we know.',
                  meta: { label: 'Asked: airport', waitsFor: 'patient', targetMinutes: 1440 },
                  tags: ['waiting-for-patient'],
                  entry: [
                    { type: 'noteAsked', params: { question: 'origin' } },
                    { type: 'sendMessage', params: originAsked },
                  ],
                  exit: 'forgetAsked',
                  on: {
                    'patient.said': [
                      { guard: 'knowsOrigin', target: 'next', actions: 'forgetMisses' },
                      { guard: 'isAside' },
                      {
                        guard: 'saysSomethingElse',
                        actions: { type: 'sendMessage', params: originAsked },
                      },
                      {
                        guard: 'isFirstMiss',
                        actions: ['countMiss', { type: 'sendMessage', params: originAskedAgain }],
                      },
                      { target: 'held' },
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
                  entry: [
                    { type: 'noteAsked', params: { question: 'departDate' } },
                    { type: 'sendMessage', params: dateAsked },
                  ],
                  exit: 'forgetAsked',
                  on: {
                    'patient.said': [
                      { guard: 'knowsDepartDate', target: 'next', actions: 'forgetMisses' },
                      { guard: 'isAside' },
                      {
                        guard: 'saysSomethingElse',
                        actions: { type: 'sendMessage', params: dateAsked },
                      },
                      {
                        guard: 'isFirstMiss',
                        actions: ['countMiss', { type: 'sendMessage', params: dateAskedAgain }],
                      },
                      { target: 'held' },
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
                  entry: [
                    { type: 'noteAsked', params: { question: 'adults' } },
                    { type: 'sendMessage', params: adultsAsked },
                  ],
                  exit: 'forgetAsked',
                  on: {
                    'patient.said': [
                      { guard: 'knowsAdults', target: 'next', actions: 'forgetMisses' },
                      { guard: 'isAside' },
                      {
                        guard: 'saysSomethingElse',
                        actions: { type: 'sendMessage', params: adultsAsked },
                      },
                      {
                        guard: 'isFirstMiss',
                        actions: ['countMiss', { type: 'sendMessage', params: adultsAskedAgain }],
                      },
                      { target: 'held' },
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
            clinicalReview: {
              description:
                'The clinic looks at what the patient gave it before flights are offered.',
              meta: { label: 'Waiting for the clinic', waitsFor: 'staff', targetMinutes: 1440 },
              tags: ['clinical-review'],
              always: { guard: 'awaitsNoReview', target: 'searching' },
              on: {
                'patient.said': [
                  { guard: 'isAside' },
                  {
                    guard: 'isDeclined',
                    actions: { type: 'handOver', params: { reason: 'question' } },
                  },
                  { actions: { type: 'sendMessage', params: reviewWaiting } },
                ],
              },
            },
            searching: {
              description:
                'Flights are searched at the provider. Another wish begins another search.',
              meta: { label: 'Searching flights', waitsFor: 'provider', targetMinutes: 10 },
              tags: ['waiting-for-provider'],
              always: [
                { guard: 'isDeclined', target: 'clinicalReview' },
                {
                  guard: 'awaitsReview',
                  target: 'clinicalReview',
                  actions: { type: 'sendMessage', params: reviewWaiting },
                },
              ],
              entry: ['noteSearch', { type: 'sendMessage', params: searching }],
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
              on: {
                'patient.said': { guard: 'isAnotherTrip', target: 'searching', reenter: true },
              },
            },
            searchHeld: {
              description: 'The search failed for good. Staff look; on resume it is tried again.',
              meta: { label: 'Search held for staff', waitsFor: 'staff', targetMinutes: 60 },
              entry: { type: 'handOver', params: { reason: 'flights-not-searched' } },
              always: [
                { guard: 'isDeclined', target: 'clinicalReview' },
                {
                  guard: 'awaitsReview',
                  target: 'clinicalReview',
                  actions: { type: 'sendMessage', params: reviewWaiting },
                },
              ],
              on: { 'staff.resume': { target: 'searching' } },
            },
            offer: {
              description: 'Up to five flights are offered; the patient chooses one, or none.',
              meta: { label: 'Offer sent', waitsFor: 'patient', targetMinutes: 1380 },
              tags: ['waiting-for-patient'],
              always: [
                { guard: 'isDeclined', target: 'clinicalReview' },
                {
                  guard: 'awaitsReview',
                  target: 'clinicalReview',
                  actions: { type: 'sendMessage', params: reviewWaiting },
                },
              ],
              entry: [
                { type: 'noteAsked', params: { question: 'offer' } },
                { type: 'sendMessage', params: offersShown },
              ],
              exit: 'forgetAsked',
              on: {
                'patient.said': [
                  {
                    guard: 'accepts',
                    target: 'booking',
                    actions: ['beginBooking', 'spawnBooking'],
                  },
                  {
                    guard: 'acceptsTooLate',
                    target: 'searching',
                    actions: { type: 'sendMessage', params: offerLapsed },
                  },
                  { guard: 'declines', target: 'intake', actions: 'forgetDepartDate' },
                  { guard: 'isAnotherTrip', target: 'searching' },
                  {
                    guard: 'pressesOldButton',
                    actions: { type: 'sendMessage', params: offersShown },
                  },
                  { guard: 'isAside' },
                  {
                    guard: 'saysSomethingElse',
                    actions: { type: 'sendMessage', params: offersShown },
                  },
                  {
                    guard: 'isFirstMiss',
                    actions: ['countMiss', { type: 'sendMessage', params: offersShown }],
                  },
                  {
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
              on: {
                'booking.lapsed': {
                  guard: 'isThisBooking',
                  target: 'dormant',
                  actions: { type: 'sendMessage', params: bookingLapsed },
                },
                // All of it went back before it stood.
                'booking.refunded': { guard: 'isWhollyRefunded', target: 'dormant' },
                'patient.said': {
                  guard: 'isForStaff',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
              },
            },
            travel: {
              description: 'Paid and confirmed. The patient travels; staff note the arrival.',
              meta: { label: 'Confirmed, travelling', waitsFor: 'nobody', targetMinutes: null },
              tags: ['confirmed'],
              entry: { type: 'askForDocument', params: { kind: 'passport' } },
              on: {
                'staff.arrived': { target: 'treatment' },
                'patient.said': {
                  guard: 'isForStaff',
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
                'patient.said': {
                  guard: 'isForStaff',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
              },
            },
            aftercare: {
              description:
                'The patient is home again and may still ask. A late refund keeps the case open.',
              meta: { label: 'Aftercare', waitsFor: 'nobody', targetMinutes: null },
              tags: ['confirmed'],
              entry: [{ type: 'sendMessage', params: goodbye }, 'askForMarketing'],
              on: {
                'patient.said': {
                  guard: 'isForStaff',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
                'staff.close': {
                  target: 'settlingUp',
                  actions: { type: 'noteEnding', params: { outcome: 'completed' } },
                },
              },
              after: {
                aftercare: {
                  target: 'settlingUp',
                  actions: { type: 'noteEnding', params: { outcome: 'completed' } },
                },
              },
            },
            dormant: {
              description:
                'Nothing came of it so far. A message wakes it; late money still finds it.',
              meta: { label: 'Dormant', waitsFor: 'patient', targetMinutes: null },
              on: {
                'patient.said': {
                  guard: 'wakes',
                  target: 'intake',
                  actions: 'forgetOldDate',
                },
              },
              after: {
                dormancy: {
                  target: 'settlingUp',
                  actions: { type: 'noteEnding', params: { outcome: 'lapsed' } },
                },
              },
            },
            settlingUp: {
              description:
                'The journey is over. The case stays for what may come of its payments, and until every invoice is kept.',
              meta: { label: 'Settling up', waitsFor: 'nobody', targetMinutes: null },
              initial: 'disputable',
              states: {
                disputable: {
                  description: 'What was paid may still be disputed, or go back.',
                  meta: {
                    label: 'Payments may be disputed',
                    waitsFor: 'nobody',
                    targetMinutes: null,
                  },
                  always: { guard: 'wasNeverPaid', target: 'ending' },
                  after: { disputes: { target: 'ending' } },
                },
                ending: {
                  description: 'It closes as soon as nothing is owed.',
                  meta: { label: 'Closing', waitsFor: 'nobody', targetMinutes: null },
                  always: [
                    { guard: 'mayClose', target: '#case.closed' },
                    { guard: 'mayEnd', target: '#case.noConsent' },
                  ],
                },
              },
              on: {
                'patient.said': {
                  guard: 'isForStaff',
                  actions: { type: 'handOver', params: { reason: 'question' } },
                },
                // It is on its way; what is still open is given up.
                'staff.close': { actions: 'abandonBookings' },
              },
            },
          },
        },
        consents: {
          description:
            'What the patient agreed to. What needs a consent starts only while it is given.',
          meta: { label: 'Consents', waitsFor: 'nobody', targetMinutes: null },
          type: 'parallel',
          states: {
            service: {
              description:
                'To arrange the trip. The journey asks for it, and nothing goes on without it.',
              meta: { label: 'Service', waitsFor: 'nobody', targetMinutes: null },
              initial: 'missing',
              states: {
                missing: {
                  description: 'Not given yet.',
                  meta: { label: 'Not given', waitsFor: 'nobody', targetMinutes: null },
                  always: { guard: 'isServiceGiven', target: 'given' },
                },
                given: {
                  description: 'Given, until the patient says stop.',
                  meta: { label: 'Given', waitsFor: 'nobody', targetMinutes: null },
                  tags: ['consent:service'],
                },
              },
            },
            healthData: {
              description:
                'To keep photos, documents and what the patient says about their health.',
              meta: { label: 'Health data', waitsFor: 'nobody', targetMinutes: null },
              initial: 'unasked',
              states: {
                unasked: {
                  description: 'There was no need to ask yet.',
                  meta: { label: 'Not asked', waitsFor: 'nobody', targetMinutes: null },
                  always: { guard: 'needsHealthData', target: 'asked' },
                  on: {
                    'patient.said': [
                      {
                        guard: { type: 'agreesToPurpose', params: { purpose: 'health-data' } },
                        target: 'given',
                        actions: { type: 'recordConsent', params: healthDataGiven },
                      },
                      {
                        guard: { type: 'refusesPurpose', params: { purpose: 'health-data' } },
                        target: 'refused',
                        actions: { type: 'recordConsent', params: healthDataRefused },
                      },
                    ],
                  },
                },
                asked: {
                  description:
                    'Asked; asked once more after a day, and taken as a no after a week.',
                  meta: { label: 'Asked', waitsFor: 'patient', targetMinutes: null },
                  entry: [
                    { type: 'noteAskedBetween', params: { purpose: 'health-data' } },
                    { type: 'sendMessage', params: healthDataAsked },
                  ],
                  on: {
                    'patient.said': [
                      {
                        guard: { type: 'agreesToPurpose', params: { purpose: 'health-data' } },
                        target: 'given',
                        actions: [
                          { type: 'recordConsent', params: healthDataGiven },
                          { type: 'sendMessage', params: consentNoted },
                        ],
                      },
                      {
                        guard: { type: 'refusesPurpose', params: { purpose: 'health-data' } },
                        target: 'refused',
                        actions: [
                          { type: 'recordConsent', params: healthDataRefused },
                          { type: 'sendMessage', params: consentNoted },
                        ],
                      },
                    ],
                  },
                  after: {
                    reminder: { actions: { type: 'sendMessage', params: healthDataAsked } },
                    patience: { target: 'refused' },
                  },
                },
                given: {
                  description: 'Given, until the patient takes it back.',
                  meta: { label: 'Given', waitsFor: 'nobody', targetMinutes: null },
                  tags: ['consent:health-data'],
                  entry: {
                    type: 'keepConsent',
                    params: { purpose: 'health-data', status: 'given' },
                  },
                  on: {
                    'patient.said': {
                      guard: { type: 'pressesNo', params: { purpose: 'health-data' } },
                      target: 'refused',
                      actions: [
                        { type: 'recordConsent', params: healthDataWithdrawn },
                        { type: 'sendMessage', params: consentNoted },
                      ],
                    },
                  },
                },
                refused: {
                  description:
                    'Refused, withdrawn or never answered. The button still takes a yes.',
                  meta: { label: 'Not given', waitsFor: 'nobody', targetMinutes: null },
                  entry: [
                    { type: 'keepConsent', params: { purpose: 'health-data', status: 'refused' } },
                    'forgetProcedure',
                  ],
                  on: {
                    'patient.said': {
                      guard: { type: 'agreesToPurpose', params: { purpose: 'health-data' } },
                      target: 'given',
                      actions: [
                        { type: 'recordConsent', params: healthDataGiven },
                        { type: 'sendMessage', params: consentNoted },
                      ],
                    },
                  },
                },
              },
            },
            transferAbroad: {
              description: 'To have messages, without names, read by services abroad.',
              meta: { label: 'Transfer abroad', waitsFor: 'nobody', targetMinutes: null },
              initial: 'unasked',
              states: {
                unasked: {
                  description: 'There was no need to ask yet.',
                  meta: { label: 'Not asked', waitsFor: 'nobody', targetMinutes: null },
                  always: { guard: 'needsTransfer', target: 'asked' },
                  on: {
                    'patient.said': [
                      {
                        guard: { type: 'agreesToPurpose', params: { purpose: 'transfer-abroad' } },
                        target: 'given',
                        actions: { type: 'recordConsent', params: transferGiven },
                      },
                      {
                        guard: { type: 'refusesPurpose', params: { purpose: 'transfer-abroad' } },
                        target: 'refused',
                        actions: { type: 'recordConsent', params: transferRefused },
                      },
                    ],
                  },
                },
                asked: {
                  description:
                    'Asked; asked once more after a day, and taken as a no after a week.',
                  meta: { label: 'Asked', waitsFor: 'patient', targetMinutes: null },
                  entry: [
                    { type: 'noteAskedBetween', params: { purpose: 'transfer-abroad' } },
                    { type: 'sendMessage', params: transferAsked },
                  ],
                  on: {
                    'patient.said': [
                      {
                        guard: { type: 'agreesToPurpose', params: { purpose: 'transfer-abroad' } },
                        target: 'given',
                        actions: [
                          { type: 'recordConsent', params: transferGiven },
                          { type: 'sendMessage', params: consentNoted },
                        ],
                      },
                      {
                        guard: { type: 'refusesPurpose', params: { purpose: 'transfer-abroad' } },
                        target: 'refused',
                        actions: [
                          { type: 'recordConsent', params: transferRefused },
                          { type: 'sendMessage', params: consentNoted },
                        ],
                      },
                    ],
                  },
                  after: {
                    reminder: { actions: { type: 'sendMessage', params: transferAsked } },
                    patience: { target: 'refused' },
                  },
                },
                given: {
                  description: 'Given, until the patient takes it back.',
                  meta: { label: 'Given', waitsFor: 'nobody', targetMinutes: null },
                  tags: ['consent:transfer-abroad'],
                  entry: {
                    type: 'keepConsent',
                    params: { purpose: 'transfer-abroad', status: 'given' },
                  },
                  on: {
                    'patient.said': {
                      guard: { type: 'pressesNo', params: { purpose: 'transfer-abroad' } },
                      target: 'refused',
                      actions: [
                        { type: 'recordConsent', params: transferWithdrawn },
                        { type: 'sendMessage', params: consentNoted },
                      ],
                    },
                  },
                },
                refused: {
                  description:
                    'Refused, withdrawn or never answered. The button still takes a yes.',
                  meta: { label: 'Not given', waitsFor: 'nobody', targetMinutes: null },
                  entry: [
                    {
                      type: 'keepConsent',
                      params: { purpose: 'transfer-abroad', status: 'refused' },
                    },
                  ],
                  on: {
                    'patient.said': {
                      guard: { type: 'agreesToPurpose', params: { purpose: 'transfer-abroad' } },
                      target: 'given',
                      actions: [
                        { type: 'recordConsent', params: transferGiven },
                        { type: 'sendMessage', params: consentNoted },
                      ],
                    },
                  },
                },
              },
            },
            marketing: {
              description: 'To write about offers later on. Asked when the treatment is over.',
              meta: { label: 'Marketing', waitsFor: 'nobody', targetMinutes: null },
              initial: 'unasked',
              states: {
                unasked: {
                  description: 'There was no need to ask yet.',
                  meta: { label: 'Not asked', waitsFor: 'nobody', targetMinutes: null },
                  on: {
                    'marketing.due': { target: 'asked' },
                    'patient.said': [
                      {
                        guard: { type: 'agreesToPurpose', params: { purpose: 'marketing' } },
                        target: 'given',
                        actions: { type: 'recordConsent', params: marketingGiven },
                      },
                      {
                        guard: { type: 'refusesPurpose', params: { purpose: 'marketing' } },
                        target: 'refused',
                        actions: { type: 'recordConsent', params: marketingRefused },
                      },
                    ],
                  },
                },
                asked: {
                  description:
                    'Asked; asked once more after a day, and taken as a no after a week.',
                  meta: { label: 'Asked', waitsFor: 'patient', targetMinutes: null },
                  entry: [
                    { type: 'noteAskedBetween', params: { purpose: 'marketing' } },
                    { type: 'sendMessage', params: marketingAsked },
                  ],
                  on: {
                    'patient.said': [
                      {
                        guard: { type: 'agreesToPurpose', params: { purpose: 'marketing' } },
                        target: 'given',
                        actions: [
                          { type: 'recordConsent', params: marketingGiven },
                          { type: 'sendMessage', params: consentNoted },
                        ],
                      },
                      {
                        guard: { type: 'refusesPurpose', params: { purpose: 'marketing' } },
                        target: 'refused',
                        actions: [
                          { type: 'recordConsent', params: marketingRefused },
                          { type: 'sendMessage', params: consentNoted },
                        ],
                      },
                    ],
                  },
                  after: {
                    reminder: { actions: { type: 'sendMessage', params: marketingAsked } },
                    patience: { target: 'refused' },
                  },
                },
                given: {
                  description: 'Given, until the patient takes it back.',
                  meta: { label: 'Given', waitsFor: 'nobody', targetMinutes: null },
                  tags: ['consent:marketing'],
                  entry: {
                    type: 'keepConsent',
                    params: { purpose: 'marketing', status: 'given' },
                  },
                  on: {
                    'patient.said': {
                      guard: { type: 'pressesNo', params: { purpose: 'marketing' } },
                      target: 'refused',
                      actions: [
                        { type: 'recordConsent', params: marketingWithdrawn },
                        { type: 'sendMessage', params: consentNoted },
                      ],
                    },
                  },
                },
                refused: {
                  description:
                    'Refused, withdrawn or never answered. The button still takes a yes.',
                  meta: { label: 'Not given', waitsFor: 'nobody', targetMinutes: null },
                  entry: [
                    { type: 'keepConsent', params: { purpose: 'marketing', status: 'refused' } },
                  ],
                  on: {
                    'patient.said': {
                      guard: { type: 'agreesToPurpose', params: { purpose: 'marketing' } },
                      target: 'given',
                      actions: [
                        { type: 'recordConsent', params: marketingGiven },
                        { type: 'sendMessage', params: consentNoted },
                      ],
                    },
                  },
                },
              },
            },
          },
        },
        conversation: {
          description:
            'Who answers the patient, and whether free text reaches them. The journey goes on either way.',
          meta: { label: 'Conversation', waitsFor: 'nobody', targetMinutes: null },
          type: 'parallel',
          states: {
            speaker: {
              description: 'The bot answers, or staff do.',
              meta: { label: 'Speaker', waitsFor: 'nobody', targetMinutes: null },
              initial: 'bot',
              on: {
                'whatsapp.inbound': {
                  guard: 'isUnreadable',
                  actions: ['noteUnreadable', { type: 'sendMessage', params: unreadableAnswered }],
                },
              },
              states: {
                bot: {
                  description: 'The bot answers.',
                  meta: { label: 'Bot', waitsFor: 'nobody', targetMinutes: null },
                  initial: 'busy',
                  on: {
                    'patient.said': [
                      {
                        guard: 'isUrgent',
                        target: 'withStaff',
                        actions: [
                          { type: 'noteHandOverFor', params: { reason: 'urgent' } },
                          { type: 'sendMessage', params: urgentAnswered },
                        ],
                      },
                      {
                        guard: 'wantsPerson',
                        target: 'withStaff',
                        actions: [
                          { type: 'noteHandOverFor', params: { reason: 'question' } },
                          { type: 'sendMessage', params: handedOver },
                        ],
                      },
                      {
                        guard: 'isPlaceForOrigin',
                        actions: { type: 'sendMessage', params: placeAnswered },
                      },
                    ],
                    handOver: {
                      target: 'withStaff',
                      actions: ['noteHandOver', { type: 'sendMessage', params: handedOver }],
                    },
                    'whatsapp.status': {
                      guard: 'isUndelivered',
                      target: 'withStaff',
                      actions: {
                        type: 'noteHandOverFor',
                        params: { reason: 'message-not-delivered' },
                      },
                    },
                    'message.failed': {
                      guard: 'isUndelivered',
                      target: 'withStaff',
                      actions: {
                        type: 'noteHandOverFor',
                        params: { reason: 'message-not-delivered' },
                      },
                    },
                  },
                  states: {
                    busy: {
                      description: 'It reads, or waits for somebody else than the patient.',
                      meta: { label: 'Bot at work', waitsFor: 'nobody', targetMinutes: null },
                      always: { guard: 'waitsForAnswer', target: 'waitingForPatient' },
                    },
                    waitingForPatient: {
                      description: 'It asked, and everything said since is understood.',
                      meta: {
                        label: 'Waiting for the patient',
                        waitsFor: 'patient',
                        targetMinutes: null,
                      },
                      always: { guard: 'waitsForNoAnswer', target: 'busy' },
                    },
                  },
                },
                withStaff: {
                  description: 'Staff answer, until they hand the conversation back.',
                  meta: { label: 'With staff', waitsFor: 'staff', targetMinutes: 60 },
                  tags: ['with-staff'],
                  on: {
                    'patient.said': [
                      {
                        guard: 'isUrgent',
                        actions: [
                          'noteUnanswered',
                          { type: 'sendMessage', params: urgentAnswered },
                        ],
                      },
                      { actions: 'noteUnanswered' },
                    ],
                    'staff.resume': { target: 'bot', actions: 'forgetHandOver' },
                  },
                },
              },
            },
            window: {
              description:
                'WhatsApp takes free text for 24 h after the last message of the patient; then templates only.',
              meta: { label: '24-hour window', waitsFor: 'nobody', targetMinutes: null },
              initial: 'open',
              states: {
                open: {
                  description: 'Free text reaches the patient.',
                  meta: { label: 'Window open', waitsFor: 'nobody', targetMinutes: null },
                  on: {
                    'whatsapp.inbound': { guard: 'isNewestMessage', target: 'open', reenter: true },
                    'whatsapp.status': {
                      guard: 'isWindowRefused',
                      target: 'closed',
                      actions: { type: 'sendMessage', params: windowReopened },
                    },
                  },
                  after: { window: { target: 'closed' } },
                },
                closed: {
                  description: 'Only templates reach the patient, until they write again.',
                  meta: { label: 'Window closed', waitsFor: 'patient', targetMinutes: null },
                  tags: ['window-closed'],
                  on: { 'whatsapp.inbound': { guard: 'isNewestMessage', target: 'open' } },
                },
              },
            },
          },
        },
        files: {
          description:
            'What the patient sent is fetched and kept, with their consent to health data.',
          meta: { label: 'Files', waitsFor: 'nobody', targetMinutes: null },
          initial: 'none',
          on: {
            'whatsapp.inbound': [
              { guard: 'isFile', actions: 'keepAttachment' },
              {
                guard: 'isOneFileTooMany',
                actions: { type: 'handOver', params: { reason: 'too-many-messages' } },
              },
            ],
          },
          states: {
            none: {
              description: 'Nothing waits to be fetched.',
              meta: { label: 'No file waits', waitsFor: 'nobody', targetMinutes: null },
              on: {
                'whatsapp.inbound': {
                  guard: 'isFile',
                  target: 'deciding',
                  actions: 'keepAttachment',
                },
              },
            },
            deciding: {
              description: 'May the next file be kept? It waits until the patient has said so.',
              meta: { label: 'File waits for consent', waitsFor: 'patient', targetMinutes: 1440 },
              always: [
                { guard: 'hasNoAttachment', target: 'none' },
                { guard: 'mayKeepFiles', target: 'fetching' },
                {
                  guard: 'mayNotKeepFiles',
                  target: 'none',
                  actions: ['dropAttachments', { type: 'sendMessage', params: mediaNotKept }],
                },
              ],
            },
            fetching: {
              description: 'The file is fetched, checked, scanned and stored.',
              meta: { label: 'Fetching a file', waitsFor: 'provider', targetMinutes: 10 },
              always: {
                guard: 'mayNotKeepFiles',
                target: 'none',
                actions: ['dropAttachments', { type: 'sendMessage', params: mediaNotKept }],
              },
              invoke: {
                id: 'fetchMedia',
                src: 'fetchMedia',
                input: attachment,
                onDone: [
                  {
                    guard: 'isSpoken',
                    target: 'deciding',
                    actions: [
                      { type: 'keepDocument', params: outputOf },
                      { type: 'handOver', params: { reason: 'voice-or-video' } },
                    ],
                  },
                  {
                    guard: 'isLastFile',
                    target: 'deciding',
                    actions: [
                      { type: 'keepDocument', params: outputOf },
                      { type: 'sendMessage', params: mediaReceived },
                    ],
                  },
                  { target: 'deciding', actions: { type: 'keepDocument', params: outputOf } },
                ],
                onError: [
                  { guard: { type: 'isNotPermitted', params: codeOf }, target: 'deciding' },
                  {
                    guard: { type: 'isPatientsToMend', params: codeOf },
                    target: 'deciding',
                    actions: [{ type: 'sendMessage', params: mediaRefused }, 'dropAttachment'],
                  },
                  {
                    target: 'deciding',
                    actions: [
                      { type: 'sendMessage', params: mediaRefused },
                      'dropAttachment',
                      { type: 'handOver', params: { reason: 'file-not-readable' } },
                    ],
                  },
                ],
              },
            },
          },
        },
        review: {
          description:
            'What the clinic makes of words, files and images. Findings are for its eyes, never for the patient.',
          meta: { label: 'Clinical review', waitsFor: 'nobody', targetMinutes: null },
          initial: 'unneeded',
          states: {
            unneeded: {
              description: 'The patient gave nothing that the clinic has to look at.',
              meta: { label: 'No review', waitsFor: 'nobody', targetMinutes: null },
              entry: [{ type: 'noteReview', params: { review: 'unneeded' } }, 'forgetImaging'],
              always: { guard: 'isReviewWanted', target: 'linking' },
            },
            linking: {
              description:
                'Staff say who the patient is at the clinic, or decide without its images.',
              meta: { label: 'Link the patient', waitsFor: 'staff', targetMinutes: 1440 },
              tags: ['clinical-review'],
              entry: { type: 'noteReview', params: { review: 'needed' } },
              always: [
                { guard: 'isReviewUnwanted', target: 'unneeded' },
                { guard: 'isLinked', target: 'imaging' },
              ],
              on: {
                'staff.cleared': { target: 'cleared' },
                'staff.declined': { target: 'declined' },
              },
              after: {
                reviewPatience: {
                  actions: { type: 'handOver', params: { reason: 'review-late' } },
                },
              },
            },
            imaging: {
              description: 'A study is found, anonymised, inspected and read by the model.',
              meta: { label: 'Imaging', waitsFor: 'provider', targetMinutes: 1440 },
              tags: ['clinical-review'],
              always: { guard: 'isReviewUnwanted', target: 'unneeded' },
              invoke: {
                id: 'imaging',
                src: 'imaging',
                input: imagingInput,
                onDone: {
                  target: 'deciding',
                  actions: { type: 'keepImaging', params: outputOf },
                },
                onError: { target: 'deciding' },
              },
              on: {
                'imaging.held': {
                  actions: [
                    'noteImagingHeld',
                    { type: 'handOver', params: { reason: 'imaging-held' } },
                  ],
                },
                // Another patient's images must not be looked at any longer.
                'staff.linked': {
                  guard: 'linksAnother',
                  target: 'imaging',
                  reenter: true,
                  actions: ['keepClinicIds', 'forgetImaging'],
                },
                'staff.resume': { actions: ['forgetImagingHeld', 'toImaging'] },
                'staff.skipImaging': { actions: 'toImaging' },
                'staff.cleared': { target: 'cleared' },
                'staff.declined': { target: 'declined' },
              },
              after: {
                reviewPatience: {
                  actions: { type: 'handOver', params: { reason: 'review-late' } },
                },
              },
            },
            deciding: {
              description:
                'The clinic has all there is, and says whether the treatment can be offered.',
              meta: { label: 'Clinic decides', waitsFor: 'staff', targetMinutes: 1440 },
              tags: ['clinical-review'],
              always: { guard: 'isReviewUnwanted', target: 'unneeded' },
              on: {
                'staff.linked': {
                  guard: 'linksAnother',
                  target: 'imaging',
                  actions: ['keepClinicIds', 'forgetImaging'],
                },
                'staff.cleared': { target: 'cleared' },
                'staff.declined': { target: 'declined' },
              },
              after: {
                reviewPatience: {
                  actions: { type: 'handOver', params: { reason: 'review-late' } },
                },
              },
            },
            cleared: {
              description: 'The clinic can offer it: the journey goes on.',
              meta: { label: 'Cleared', waitsFor: 'nobody', targetMinutes: null },
              entry: { type: 'noteReview', params: { review: 'cleared' } },
              always: { guard: 'isReviewUnwanted', target: 'unneeded' },
              on: { 'staff.declined': { target: 'declined' } },
            },
            declined: {
              description:
                'The clinic cannot offer it. A colleague tells the patient what is possible.',
              meta: { label: 'Declined', waitsFor: 'staff', targetMinutes: 1440 },
              entry: [
                { type: 'noteReview', params: { review: 'declined' } },
                { type: 'sendMessage', params: reviewDeclined },
              ],
              on: { 'staff.cleared': { target: 'cleared' } },
            },
          },
        },
        papers: {
          description: 'Documents that the patient is asked for, and what they upload.',
          meta: { label: 'Documents', waitsFor: 'nobody', targetMinutes: null },
          initial: 'none',
          on: {
            'staff.askDocument': { actions: 'askDocument' },
            'document.verified': { actions: 'keepVerified' },
            'document.expired': { actions: 'dropExpired' },
            'documents.held': {
              actions: { type: 'handOver', params: { reason: 'document-held' } },
            },
          },
          states: {
            none: {
              description: 'No document was asked for.',
              meta: { label: 'No documents', waitsFor: 'nobody', targetMinutes: null },
              on: {
                'document.due': { target: 'kept', actions: 'sayAgain' },
                'document.uploaded': { target: 'kept', actions: 'sayAgain' },
              },
            },
            kept: {
              description: 'The documents actor asks, checks and keeps count of their 180 days.',
              meta: { label: 'Documents', waitsFor: 'nobody', targetMinutes: null },
              invoke: {
                id: 'documents',
                src: 'documents',
                input: documentsInput,
                onError: {
                  target: 'none',
                  actions: { type: 'handOver', params: { reason: 'document-held' } },
                },
              },
              on: {
                'document.due': { actions: 'wantDocument' },
                'document.uploaded': { actions: 'toDocuments' },
                'staff.resume': { actions: 'toDocuments' },
              },
            },
          },
        },
        clinicNews: {
          description: 'The clinic hears when its patient comes: flights and numbers, no names.',
          meta: { label: 'Clinic told', waitsFor: 'nobody', targetMinutes: null },
          initial: 'nothing',
          states: {
            nothing: {
              description: 'Nothing is booked yet, or staff have not said which deal it is.',
              meta: { label: 'Nothing to tell', waitsFor: 'nobody', targetMinutes: null },
              always: { guard: 'isClinicToBeTold', target: 'telling' },
            },
            telling: {
              description: 'The flights go to the clinic.',
              meta: { label: 'Telling the clinic', waitsFor: 'provider', targetMinutes: 30 },
              invoke: {
                id: 'tellClinic',
                src: 'tellClinic',
                input: clinicFlights,
                onDone: {
                  target: 'told',
                  actions: [
                    { type: 'setTold', params: outputOf },
                    { type: 'raiseTold', params: outputOf },
                  ],
                },
                onError: {
                  target: 'untold',
                  actions: { type: 'handOver', params: { reason: 'clinic-not-told' } },
                },
              },
            },
            told: {
              description: 'The clinic has the flights.',
              meta: { label: 'Clinic told', waitsFor: 'nobody', targetMinutes: null },
            },
            untold: {
              description: 'The clinic could not be told. Staff look; on resume it is tried again.',
              meta: { label: 'Clinic not told', waitsFor: 'staff', targetMinutes: 60 },
              on: { 'staff.resume': { target: 'telling' } },
            },
          },
        },
        deal: {
          description:
            'What the clinic agreed on with the patient, and whether its plan has the flights.',
          meta: { label: 'Deal', waitsFor: 'nobody', targetMinutes: null },
          initial: 'none',
          states: {
            none: {
              description: 'Staff have not said which deal it is, or nothing may be read.',
              meta: { label: 'No deal', waitsFor: 'nobody', targetMinutes: null },
              always: { guard: 'isDealLinked', target: 'kept' },
            },
            kept: {
              description: 'The deal actor reads it, and compares the plan of the stay.',
              meta: { label: 'Deal', waitsFor: 'nobody', targetMinutes: null },
              invoke: {
                id: 'deal',
                src: 'deal',
                input: dealInput,
                onError: {
                  target: 'broken',
                  actions: { type: 'handOver', params: { reason: 'deal-held' } },
                },
              },
              on: {
                'deal.read': { actions: 'setDeal' },
                'deal.held': { actions: { type: 'handOver', params: { reason: 'deal-held' } } },
                'clinic.told': { actions: 'toDeal' },
                'staff.resume': { actions: 'toDeal' },
                // Another patient's deal must not be looked at any longer.
                'staff.linked': [
                  {
                    guard: 'linksAnotherDeal',
                    target: 'kept',
                    reenter: true,
                    actions: ['keepClinicIds', 'forgetDeal'],
                  },
                  { guard: 'namesItinerary', actions: 'nameItinerary' },
                ],
              },
            },
            broken: {
              description: 'The deal actor failed. On resume it begins anew.',
              meta: { label: 'Deal not kept', waitsFor: 'staff', targetMinutes: 240 },
              on: { 'staff.resume': { target: 'none' } },
            },
          },
        },
        money: {
          description:
            'Bookings and invoices are actors of their own; here is what they say, and what staff say to them.',
          meta: { label: 'Money', waitsFor: 'nobody', targetMinutes: null },
          type: 'parallel',
          on: {
            'payment.notified': [
              { guard: 'isOurBooking', actions: 'toBooking' },
              {
                guard: 'isPaymentOfNobody',
                actions: { type: 'handOver', params: { reason: 'payment-unknown' } },
              },
            ],
            'payment.succeeded': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
            'payment.failed': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
            'payment.expired': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
            'patient.said': { guard: 'wantsNewLink', actions: 'renewLink' },
            'booking.confirmed': [
              {
                guard: 'isQuote',
                actions: [
                  'noteBookingPaid',
                  { type: 'sendMessage', params: paymentReceived },
                  'beginInvoices',
                ],
              },
              { actions: ['noteBookingPaid', 'beginInvoices'] },
            ],
            'booking.lapsed': [
              {
                guard: 'isQuote',
                actions: ['noteBookingLapsed', { type: 'sendMessage', params: bookingLapsed }],
              },
              { actions: 'noteBookingLapsed' },
            ],
            'booking.held': {
              actions: [
                'noteBookingHeld',
                { type: 'handOver', params: { reason: 'booking-held' } },
              ],
            },
            'booking.unsettled': { actions: 'noteBookingHeld' },
            'booking.settled': { actions: 'noteBookingSettled' },
            'booking.chargedBack': { actions: 'noteBookingChargedBack' },
            'booking.refunded': { actions: ['noteToCredit', 'beginCredits'] },
            'invoice.held': { actions: 'noteInvoice' },
            'invoice.settled': { actions: 'noteInvoice' },
            'invoice.archived': { actions: ['noteInvoice', 'beginCredits'] },
            'efatura.status.update': { guard: 'isOurInvoice', actions: 'toInvoice' },
            'staff.quote': { guard: 'isServiceGiven', actions: ['beginQuote', 'spawnBooking'] },
            'staff.refund': { guard: 'isOurBooking', actions: 'toBooking' },
            'staff.refunded': { guard: 'isOurBooking', actions: 'toBooking' },
            'staff.billing': { actions: ['keepBuyer', 'tellInvoices'] },
            'staff.resume': { actions: 'resumeMoney' },
          },
          states: {
            payments: {
              description: 'Does a payment need a decision?',
              meta: { label: 'Payments', waitsFor: 'nobody', targetMinutes: null },
              initial: 'settled',
              states: {
                settled: {
                  description: 'Nothing is in doubt.',
                  meta: { label: 'Settled', waitsFor: 'nobody', targetMinutes: null },
                  always: { guard: 'isRefundDue', target: 'refundDue' },
                },
                refundDue: {
                  description:
                    'A payment came late, differs, or is disputed: it stands, or goes back. Staff decide and say so.',
                  meta: { label: 'Payment to settle', waitsFor: 'staff', targetMinutes: 1440 },
                  tags: ['with-staff', 'refund-needed'],
                  always: { guard: 'isNoRefundDue', target: 'settled' },
                },
              },
            },
            invoices: {
              description: 'Does an invoice need staff?',
              meta: { label: 'Invoices', waitsFor: 'nobody', targetMinutes: null },
              initial: 'settled',
              states: {
                settled: {
                  description: 'Every invoice is on its way, or kept.',
                  meta: { label: 'Settled', waitsFor: 'nobody', targetMinutes: null },
                  always: { guard: 'isInvoiceHeld', target: 'withStaff' },
                },
                withStaff: {
                  description:
                    'An invoice lacks its buyer, is not valid, or was refused. Its booking says why.',
                  meta: { label: 'Invoice to settle', waitsFor: 'staff', targetMinutes: 1440 },
                  tags: ['invoice-held'],
                  always: { guard: 'isNoInvoiceHeld', target: 'settled' },
                },
              },
            },
          },
        },
      },
    },
    withdrawn: {
      description:
        'Consent is withdrawn: nothing is sent, until the patient writes anew and is asked anew.',
      meta: { label: 'Consent withdrawn', waitsFor: 'nobody', targetMinutes: null },
      tags: ['consent-withdrawn'],
      entry: ['forgetTrip', 'abandonBookings'],
      initial: 'deciding',
      on: {
        // What was paid has to be settled, and invoiced, whatever was withdrawn since.
        'payment.notified': { guard: 'isOurBooking', actions: 'toBooking' },
        'payment.succeeded': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
        'payment.failed': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
        'payment.expired': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
        'booking.confirmed': { actions: ['noteBookingPaid', 'beginInvoices'] },
        'booking.lapsed': { actions: 'noteBookingLapsed' },
        'booking.held': { actions: 'noteBookingHeld' },
        'booking.unsettled': { actions: 'noteBookingHeld' },
        'booking.settled': { actions: 'noteBookingSettled' },
        'booking.chargedBack': { actions: 'noteBookingChargedBack' },
        'booking.refunded': { actions: ['noteToCredit', 'beginCredits'] },
        'invoice.held': { actions: 'noteInvoice' },
        'invoice.settled': { actions: 'noteInvoice' },
        'invoice.archived': { actions: ['noteInvoice', 'beginCredits'] },
        'efatura.status.update': { guard: 'isOurInvoice', actions: 'toInvoice' },
        'staff.refund': { guard: 'isOurBooking', actions: 'toBooking' },
        'staff.refunded': { guard: 'isOurBooking', actions: 'toBooking' },
        'staff.billing': { actions: ['keepBuyer', 'tellInvoices'] },
        'staff.resume': { actions: 'resumeMoney' },
        'whatsapp.contact': { actions: 'keepContact' },
        'staff.keep': { guard: 'isOurBooking', actions: 'noteBookingKept' },
        'staff.close': {
          guard: 'mayNotBeDisputed',
          target: '.leaving',
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
          always: [
            { guard: 'holdsMoney', target: 'owing' },
            { guard: 'isInvoiceHeld', target: 'invoiceHeld' },
          ],
          on: {
            'whatsapp.inbound': {
              guard: 'isWrittenAnew',
              target: '#case.open.journey.consent',
              actions: ['forgetConsents', 'noteHeard', 'dropBooking', 'forgetHandOver'],
            },
          },
          after: {
            retention: {
              target: 'leaving',
              actions: { type: 'noteEnding', params: { outcome: 'consent-withdrawn' } },
            },
          },
        },
        invoiceHeld: {
          description: 'An invoice lacks its buyer, is not valid, or was refused.',
          meta: { label: 'Withdrawn, invoice to settle', waitsFor: 'staff', targetMinutes: 1440 },
          tags: ['with-staff', 'invoice-held'],
          always: [
            { guard: 'holdsMoney', target: 'owing' },
            { guard: 'isLeaving', target: 'leaving' },
            { guard: 'isNoInvoiceHeld', target: 'resting' },
          ],
          on: {
            'whatsapp.inbound': {
              guard: 'isWrittenAnew',
              target: '#case.open.journey.consent',
              actions: ['forgetConsents', 'noteHeard', 'dropBooking', 'forgetHandOver'],
            },
          },
        },
        leaving: {
          description: 'Its time is over. It ends as soon as no invoice is left to be settled.',
          meta: { label: 'Withdrawn, settling up', waitsFor: 'nobody', targetMinutes: null },
          always: [
            { guard: 'holdsMoney', target: 'owing' },
            { guard: 'isInvoiceHeld', target: 'invoiceHeld' },
            { guard: 'owesNothing', target: '#case.noConsent' },
          ],
        },
        owing: {
          description:
            'The patient paid and withdrew: the money goes back, or staff say that it rightly stays.',
          meta: { label: 'Withdrawn, money to settle', waitsFor: 'staff', targetMinutes: 1440 },
          tags: ['with-staff', 'refund-needed'],
          always: { guard: 'holdsNoMoney', target: 'resting' },
        },
      },
    },
    closed: {
      description: 'Over. The output says how it ended. What was said before still goes out.',
      meta: { label: 'Closed', waitsFor: 'nobody', targetMinutes: null },
      tags: ['consent:service'],
      type: 'final',
    },
    noConsent: {
      description: 'Over without a consent: refused, withdrawn, or never answered.',
      meta: { label: 'No consent', waitsFor: 'nobody', targetMinutes: null },
      entry: 'forgetTrip',
      type: 'final',
    },
  },
});
