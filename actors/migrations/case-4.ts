import { summaryOf } from '../../machines/sales-rules.ts';
import type { SalesContext } from '../../machines/sales-types.ts';
import { adopt, withActor, type StoredActor } from '../kernel/adoption.ts';
import type { PersistedState } from '../kernel/persisted-state.ts';
import type { Migration } from '../kernel/registry.ts';
import { consent2 } from './consent-1.ts';
import { conversation2 } from './conversation-1.ts';
import { journey2, type Stored1 } from './journey-1.ts';

type Purpose = 'service' | 'health-data' | 'transfer-abroad' | 'marketing';
type Status = 'unasked' | 'asked' | 'given' | 'refused' | 'withdrawn';
type Region = string | Readonly<Record<string, unknown>>;

/** A case of version 4, as far as its family takes something of it. */
interface Case4 {
  readonly value:
    | string
    | { readonly open?: Readonly<Record<string, Region>>; readonly withdrawn?: string };
  readonly context: {
    readonly tenant: string;
    readonly tenantName: string;
    readonly caseId: string;
    readonly recipient: { readonly phone?: string };
    readonly lang: string;
    readonly destination: string;
    readonly currency: string;
    readonly isInvoicing: boolean;
    readonly consents: Readonly<Record<Purpose, { readonly status: Status }>>;
    readonly trip: {
      readonly procedure: string | null;
      readonly adults: number | null;
      readonly childrenAges: readonly number[] | null;
    };
    readonly toldAt: unknown;
    readonly withdrawnAt: string | null;
    readonly heardAt: unknown;
    readonly heard: unknown;
    readonly reading: unknown;
    readonly readUpTo: unknown;
    readonly asked: unknown;
    readonly askedAt: unknown;
    readonly askedBefore: unknown;
    readonly misses: number;
    readonly unreadableAt: unknown;
    readonly attachments: readonly unknown[];
    readonly documents: readonly unknown[];
    readonly clinic: {
      readonly patientId: string | null;
      readonly dealId: string | null;
      readonly itineraryId: string | null;
      readonly deal: unknown;
      readonly isTold: boolean;
    };
    readonly review: string;
    readonly imaging: unknown;
    readonly imagingHeld: unknown;
    readonly handedOverFor: unknown;
    readonly unanswered: unknown;
    readonly offers: { readonly round: number };
    readonly booking: {
      readonly bookingId: string;
      readonly isConfirmed: boolean;
      readonly offer: { readonly legs: unknown; readonly price: unknown };
    } | null;
    readonly standings: SalesContext['bookings'];
    readonly invoices: SalesContext['invoices'];
    readonly buyer: SalesContext['buyer'];
    readonly ending: { readonly outcome: string; readonly reason: string | null } | null;
  };
}

/** What of a case one actor of the family is built of. */
type Part = (state: PersistedState, before: Case4) => PersistedState;

/**
 * Version 5: a case is a family of actors. Each is built of what the case of version 4 knew, with the timers and the effects that
 * the case waited for on its behalf; then the case keeps what is left.
 */
export const caseFrom4: Migration = (state) => {
  const before = state.snapshot as Case4;
  const { value } = before;
  // Over: nobody of it runs any more.
  if (typeof value === 'string')
    return withActor(withCase(state, before), [], (actor) => ({ ...actor, children: {} }));
  const parts = value.open === undefined ? [conversation, sales] : everyPart;
  return withCase(
    parts.reduce((at, part) => part(at, before), state),
    before,
  );
};

const regionsOf = ({ value }: Case4): Readonly<Record<string, Region>> =>
  (typeof value === 'string' ? undefined : value.open) ?? {};

const phoneOf = ({ context }: Case4): string | null => context.recipient.phone ?? null;

const isGiven = ({ context }: Case4, purpose: Purpose): boolean =>
  context.consents[purpose].status === 'given';

/** What the sales' actor has told the others. */
const soldOf = ({ context }: Case4) =>
  summaryOf({ bookings: context.standings, invoices: context.invoices });

/** The conversation alone knows whom to write to. */
const conversation: Part = (state, before) => {
  const { context } = before;
  const { hearing, conversation: region } = regionsOf(before);
  const adopted = adopt(state, {
    path: ['conversation'],
    src: 'conversation',
    value: region === undefined ? 'silent' : { open: { hearing, ...(region as object) } },
    context: {
      tenantName: context.tenantName,
      destination: context.destination,
      recipient: context.recipient,
      lang: context.lang,
      heardAt: context.heardAt,
      withdrawnAt: context.withdrawnAt,
      heard: context.heard,
      reading: context.reading,
      understood: null,
      readUpTo: context.readUpTo,
      asked: context.asked,
      askedAt: context.askedAt,
      askedBefore: context.askedBefore,
      consents: context.consents,
      unreadableAt: context.unreadableAt,
      handedOverFor: context.handedOverFor,
      unanswered: context.unanswered,
    },
    states: {
      'case.open.hearing': 'conversation.open.hearing',
      'case.open.conversation': 'conversation.open',
    },
    children: { understand: 'understand' },
  });
  return withActor(adopted, ['conversation'], conversation2);
};

/** Bookings and invoices are the sales' children. A booking says what it says through them, and keeps nobody's number. */
const sales: Part = (state, before) => {
  const { context, value } = before;
  const { standings: bookings, invoices, booking, ending } = context;
  const ids = [
    ...bookings.map(({ bookingId }) => bookingId),
    ...invoices.map(({ actorId }) => actorId),
  ];
  const adopted = adopt(state, {
    path: ['sales'],
    src: 'sales',
    value:
      typeof value === 'object' && value.withdrawn !== undefined
        ? { withdrawn: value.withdrawn }
        : { open: regionsOf(before)['money'] },
    context: {
      tenant: context.tenant,
      caseId: context.caseId,
      isInvoicing: context.isInvoicing,
      phone: phoneOf(before),
      lang: context.lang,
      mayQuote: isGiven(before, 'service'),
      tripBookingId: booking?.bookingId ?? null,
      bookings,
      invoices,
      buyer: context.buyer,
      isLeaving: ending?.outcome === 'consent-withdrawn',
      reason: ending?.reason ?? null,
      told: soldOf(before),
    } satisfies SalesContext,
    states: { 'case.withdrawn': 'sales.withdrawn', 'case.open.money': 'sales.open' },
    children: Object.fromEntries(ids.map((id) => [id, id])),
  });
  return bookings.reduce(
    (at, { bookingId }) => withActor(at, ['sales', bookingId], bookingFrom2),
    adopted,
  );
};

function bookingFrom2(booking: StoredActor): StoredActor {
  const {
    recipient: _recipient,
    heardAt: _heardAt,
    ...context
  } = booking.context as Record<string, unknown>;
  return { ...booking, context: { ...context, reading: null } };
}

/** The journey asked for the service consent itself. */
const service: Part = (state, before) => {
  const { journey } = regionsOf(before);
  const asking = journey === 'consent' ? 'asked' : 'unasked';
  const adopted = adopt(state, {
    path: ['service'],
    src: 'consent',
    value: isGiven(before, 'service') ? { given: 'service' } : asking,
    context: { purpose: 'service', misses: journey === 'consent' ? before.context.misses : 0 },
    states: { 'case.open.journey.consent': 'consent.asked' },
  });
  return withActor(adopted, ['service'], consent2);
};

const consent =
  (purpose: Purpose, region: string): Part =>
  (state, before) => {
    const value = (regionsOf(before)['consents'] as Readonly<Record<string, string>>)[region];
    const adopted = adopt(state, {
      path: [purpose],
      src: 'consent',
      value: value === 'given' ? { given: region } : value,
      context: { purpose, misses: 0 },
      states: { [`case.open.consents.${region}`]: 'consent' },
    });
    return withActor(adopted, [purpose], consent2);
  };

const journey: Part = (state, before) => {
  const { context } = before;
  const { journey: region } = regionsOf(before);
  const first = {
    destination: context.destination,
    currency: context.currency,
    ...soldOf(before),
    trip: context.trip,
    toldAt: context.toldAt,
    misses: region === 'consent' ? 0 : context.misses,
    review: context.review,
    offers: context.offers,
    booking: context.booking,
    ending: context.ending ?? { outcome: 'lapsed', reason: null },
  };
  const { value, context: known } = journey2({
    value: region,
    context: first,
  } as unknown as Stored1);
  return adopt(state, {
    path: ['journey'],
    src: 'journey',
    value,
    context: { ...known, mayNameProcedure: isGiven(before, 'health-data') },
    states: { 'case.open.journey': 'journey' },
    children: { searchFlights: 'searchFlights' },
  });
};

const answerOf = (before: Case4, purpose: Purpose): 'unasked' | 'given' | 'refused' => {
  const { status } = before.context.consents[purpose];
  if (status === 'given') return status;
  return status === 'unasked' || status === 'asked' ? 'unasked' : 'refused';
};

const attachments: Part = (state, before) =>
  adopt(state, {
    path: ['attachments'],
    src: 'attachments',
    value: regionsOf(before)['files'],
    context: {
      withdrawnAt: before.context.withdrawnAt,
      service: answerOf(before, 'service'),
      healthData: answerOf(before, 'health-data'),
      attachments: before.context.attachments,
    },
    states: { 'case.open.files': 'attachments' },
    children: { fetchMedia: 'fetchMedia' },
  });

const review: Part = (state, before) => {
  const { context } = before;
  return adopt(state, {
    path: ['review'],
    src: 'review',
    value: regionsOf(before)['review'],
    context: {
      caseId: context.caseId,
      patientId: context.clinic.patientId,
      phone: phoneOf(before),
      documents: context.documents,
      mayReview: isGiven(before, 'health-data'),
      hasProcedure: context.trip.procedure !== null,
      review: context.review,
      imaging: context.imaging,
      imagingHeld: context.imagingHeld,
    },
    states: { 'case.open.review': 'review' },
    children: { imaging: 'imaging' },
  });
};

const clinic: Part = (state, before) => {
  const { clinic: known, booking, trip, caseId } = before.context;
  const { clinicNews, deal } = regionsOf(before);
  const adopted = adopt(state, {
    path: ['clinic'],
    src: 'clinic',
    value: { news: clinicNews, deal },
    context: {
      caseId,
      dealId: known.dealId,
      itineraryId: known.itineraryId,
      mayRead: isGiven(before, 'service'),
      mayKeepTreatment: isGiven(before, 'health-data'),
      trip:
        booking?.isConfirmed === true
          ? {
              booking: {
                bookingId: booking.bookingId,
                adults: trip.adults ?? 1,
                children: trip.childrenAges?.length ?? 0,
              },
              flights: booking.offer.legs,
              total: booking.offer.price,
            }
          : null,
      deal: known.deal,
      isTold: known.isTold,
    },
    states: { 'case.open.clinicNews': 'clinic.news', 'case.open.deal': 'clinic.deal' },
    children: { tellClinic: 'tellClinic', deal: 'deal' },
  });
  // Version 3 read no deals. One that is linked is read as soon as the case is opened.
  const isToRead = deal === 'none' && known.dealId !== null && isGiven(before, 'service');
  return isToRead ? woken(adopted, ['clinic']) : adopted;
};

/** An actor that looks at what its migration left it with, whatever comes next. */
const woken = (state: PersistedState, path: readonly string[]): PersistedState => ({
  ...state,
  timers: [
    ...state.timers,
    { id: 'migrated', source: path, target: path, event: { type: 'migrated' }, dueAt: 0 },
  ],
});

/** The documents' actor runs where it ran, if it runs. */
const documents: Part = (state, before) =>
  regionsOf(before)['papers'] === 'kept'
    ? withActor(state, ['documents'], (actor) => {
        const {
          recipient: _recipient,
          lang: _lang,
          heardAt: _heardAt,
          ...context
        } = actor.context as Record<string, unknown>;
        return { ...actor, context };
      })
    : state;

/** Parents before what is theirs: the service consent takes its timers out of the journey's. */
const everyPart: readonly Part[] = [
  conversation,
  sales,
  service,
  consent('health-data', 'healthData'),
  consent('transfer-abroad', 'transferAbroad'),
  consent('marketing', 'marketing'),
  journey,
  review,
  attachments,
  clinic,
  documents,
];

/** The case itself, once everybody took what is theirs. */
function withCase(state: PersistedState, before: Case4): PersistedState {
  const { context, value } = before;
  const { patientId, dealId, itineraryId } = context.clinic;
  const needsHealthData =
    typeof value === 'object' &&
    value.open !== undefined &&
    (context.attachments.length > 0 || context.trip.procedure !== null);
  const open = regionsOf(before)['papers'] === 'kept' ? 'documents' : 'noDocuments';
  return withActor(state, [], (actor) => ({
    ...actor,
    value: typeof value === 'string' ? value : value.open === undefined ? 'withdrawn' : { open },
    context: {
      tenant: context.tenant,
      tenantName: context.tenantName,
      caseId: context.caseId,
      destination: context.destination,
      currency: context.currency,
      isInvoicing: context.isInvoicing,
      recipient: context.recipient,
      lang: context.lang,
      consents: context.consents,
      needed: needsHealthData ? ['health-data'] : [],
      withdrawnAt: context.withdrawnAt,
      round: context.offers.round,
      documents: context.documents,
      clinic: { patientId, dealId, itineraryId },
      sold: soldOf(before),
      ending: context.ending,
      last:
        value === 'closed'
          ? { destination: context.destination, trip: context.trip, booking: context.booking }
          : null,
    },
  }));
}
