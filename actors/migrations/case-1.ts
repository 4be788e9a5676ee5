import type { Migration } from '../kernel/registry.ts';

/** What is changed of a version 1 snapshot. The rest of its context fits as it is. */
interface Case1 {
  readonly value: 'closed' | { readonly withdrawn: string } | { readonly open: Open1 };
  readonly context: {
    readonly lang: string;
    readonly consent: { readonly status: string; readonly at: string | null };
    readonly trip: {
      readonly origin: string | null;
      readonly departDate: string | null;
      readonly adults: number | null;
    };
    readonly offers: { readonly list: readonly object[] };
    readonly booking: { readonly offer: object; readonly paymentId: string | null } | null;
  };
}

interface Open1 {
  readonly journey: string | Readonly<Record<string, string>>;
  readonly conversation: 'bot' | 'withStaff';
  readonly money: string;
}

/** The question of each state that asks one. */
const questions: Readonly<Record<string, string>> = {
  consent: 'service',
  origin: 'origin',
  departDate: 'departDate',
  adults: 'adults',
  offer: 'offer',
};

/**
 * Version 2 understands messages one by one, asks for four consents instead of one, keeps files and knows the 24-hour
 * window. A case of version 1 goes on where it stands. When the patient was last heard it did not keep, so templates are
 * sent until they write again.
 */
export const caseFrom1: Migration = (rest) => {
  const snapshot = rest.snapshot as Case1;
  const { consent, trip, ...context } = snapshot.context;
  const unasked = { status: 'unasked', lang: context.lang, at: null };
  const { offers, booking } = context;
  const asked = askedIn(snapshot.value);
  return {
    ...rest,
    snapshot: {
      ...snapshot,
      value: valueOf(snapshot.value, consent.status),
      context: {
        ...context,
        consents: {
          service: {
            status: consent.status === 'unasked' && asked === 'service' ? 'asked' : consent.status,
            lang: context.lang,
            at: consent.at,
          },
          'health-data': unasked,
          'transfer-abroad': unasked,
          marketing: unasked,
        },
        trip: { procedure: null, returnDate: null, childrenAges: null, budget: null, ...trip },
        toldAt: {},
        searched: searchedOf(snapshot.value, trip),
        // Their legs are in the ledger only: the clinic of a case like this is told by staff.
        offers: { ...offers, list: offers.list.map((offer) => ({ ...offer, legs: [] })) },
        booking: booking && {
          ...booking,
          offer: { ...booking.offer, legs: [] },
          isConfirmed: booking.paymentId !== null,
        },
        clinic: { patientId: null, dealId: null },
        review: 'unneeded',
        imaging: null,
        imagingHeld: null,
        withdrawnAt: consent.status === 'withdrawn' ? consent.at : null,
        heardAt: null,
        heard: [],
        reading: null,
        readUpTo: null,
        asked,
        askedAt: null,
        askedBefore: null,
        unreadableAt: null,
        attachments: [],
        documents: [],
      },
    },
  };
};

function askedIn(value: Case1['value']): string | null {
  if (typeof value === 'string' || !('open' in value)) return null;
  const { journey } = value.open;
  const state = typeof journey === 'string' ? journey : Object.values(journey)[0];
  return questions[state ?? ''] ?? null;
}

/** As the machine writes it, so that the same trip is not searched for again. */
function searchedOf(value: Case1['value'], trip: Case1['context']['trip']): string | null {
  const journey = typeof value === 'object' && 'open' in value ? value.open.journey : null;
  const searched = journey === 'searching' || journey === 'offer';
  return searched ? [trip.origin, trip.departDate, null, trip.adults].join(' ') : null;
}

function valueOf(value: Case1['value'], consent: string): unknown {
  if (value === 'closed') return consent === 'given' ? 'closed' : 'noConsent';
  if (typeof value === 'string' || !('open' in value)) return value;
  const { journey, conversation, money } = value.open;
  const speaker =
    conversation === 'withStaff'
      ? 'withStaff'
      : { bot: askedIn(value) === null ? 'busy' : 'waitingForPatient' };
  return {
    open: {
      hearing: 'quiet',
      journey,
      consents: {
        service: consent === 'given' ? 'given' : 'missing',
        healthData: 'unasked',
        transferAbroad: 'unasked',
        marketing: 'unasked',
      },
      conversation: { speaker, window: 'closed' },
      files: 'none',
      review: 'unneeded',
      papers: 'none',
      clinicNews: 'nothing',
      money,
    },
  };
}
