import { assign, fromPromise, setup } from 'xstate';

/** What the patient asks for, as the intake webhook says it. */
export interface Trip {
  readonly origin: string;
  readonly destination: string;
  readonly departDate: string;
  readonly returnDate: string;
  readonly adults: number;
  readonly treatment: string;
  readonly note: string;
}

export interface Offer {
  readonly id: string;
  readonly amountMinor: string;
  readonly currency: string;
  readonly [detail: string]: unknown;
}

/** The stub's answer to `search`: about 2.4 KB as JSON. */
export interface Found {
  readonly offers: readonly Offer[];
}

export interface Confirmed {
  readonly confirmationId: string;
}

export interface SearchInput {
  readonly caseId: string;
  readonly trip: Trip | null;
}

export interface ConfirmInput {
  readonly caseId: string;
  readonly offerId: string | null;
  readonly paymentId: string | null;
}

/** `all` keeps the search's whole answer in the context, `best` only the cheapest offer's id and price. */
export type Keep = 'all' | 'best';

export interface QuoteInput {
  readonly caseId: string;
  readonly keep: Keep;
}

interface QuoteContext extends QuoteInput {
  readonly trip: Trip | null;
  readonly offers: readonly Offer[];
  readonly paymentId: string | null;
  readonly confirmationId: string | null;
}

export type QuoteEvent =
  | { readonly type: 'intake'; readonly trip: Trip }
  /** A case that another system has brought as far as its offer: how the growth figures get their open cases. */
  | { readonly type: 'imported'; readonly found: Found }
  | { readonly type: 'payment'; readonly paymentId: string };

/** The benchmark's case: intake, search, an offer that lapses after a day, payment, confirmation. */
export const quoteMachine = setup({
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
  types: {} as {
    context: QuoteContext;
    events: QuoteEvent;
    input: QuoteInput;
    output: { confirmationId: string | null };
  },
  actors: {
    // Both are given by whoever hosts the machine: an actor nobody provides ends in `failed`.
    search: fromPromise<Found, SearchInput>(() => Promise.reject(new Error('not provided'))),
    confirm: fromPromise<Confirmed, ConfirmInput>(() => Promise.reject(new Error('not provided'))),
  },
  actions: {
    keepTrip: assign((_, { trip }: { trip: Trip }) => ({ trip })),
    keepOffers: assign(({ context }, { offers }: Found) => ({
      offers:
        context.keep === 'all'
          ? offers
          : offers
              .slice(0, 1)
              .map(({ id, amountMinor, currency }) => ({ id, amountMinor, currency })),
    })),
    keepPayment: assign((_, { paymentId }: { paymentId: string }) => ({ paymentId })),
    keepConfirmation: assign((_, { confirmationId }: Confirmed) => ({ confirmationId })),
  },
  delays: { offerLifetime: 24 * 60 * 60 * 1_000 },
}).createMachine({
  id: 'quote',
  initial: 'expected',
  context: ({ input }) => ({
    caseId: input.caseId,
    keep: input.keep,
    trip: null,
    offers: [],
    paymentId: null,
    confirmationId: null,
  }),
  states: {
    expected: {
      on: {
        intake: {
          target: 'searching',
          actions: { type: 'keepTrip', params: ({ event }) => ({ trip: event.trip }) },
        },
        imported: {
          target: 'offered',
          actions: { type: 'keepOffers', params: ({ event }) => event.found },
        },
      },
    },
    searching: {
      invoke: {
        id: 'search',
        src: 'search',
        input: ({ context }) => ({ caseId: context.caseId, trip: context.trip }),
        onDone: {
          target: 'offered',
          actions: { type: 'keepOffers', params: ({ event }) => event.output },
        },
        onError: { target: 'failed' },
      },
    },
    offered: {
      on: {
        payment: {
          target: 'confirming',
          actions: {
            type: 'keepPayment',
            params: ({ event }) => ({ paymentId: event.paymentId }),
          },
        },
      },
      after: { offerLifetime: { target: 'lapsed' } },
    },
    confirming: {
      invoke: {
        id: 'confirm',
        src: 'confirm',
        input: ({ context }) => ({
          caseId: context.caseId,
          offerId: context.offers[0]?.id ?? null,
          paymentId: context.paymentId,
        }),
        onDone: {
          target: 'confirmed',
          actions: { type: 'keepConfirmation', params: ({ event }) => event.output },
        },
        onError: { target: 'failed' },
      },
    },
    confirmed: { type: 'final' },
    lapsed: { type: 'final' },
    failed: { type: 'final' },
  },
  output: ({ context }) => ({ confirmationId: context.confirmationId }),
});
