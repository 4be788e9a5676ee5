import { assign, sendParent, setup, type DoneActorEvent, type ErrorActorEvent } from 'xstate';

import type {
  ComparedPlan,
  Deal,
  DealToRead,
  PlanDifference,
  PlanToCompare,
} from '../actors/shapes/clinic.ts';
import type { Effect } from '../actors/shapes/effects.ts';
import type { Legs } from '../actors/shapes/flights.ts';
import type { StateMeta } from './money-types.ts';

const hour = 60 * 60 * 1_000; // ms
const day = 24 * hour;

/** How often the plan is looked at that does not have the flights yet: a clinic plans some days after it was told. */
const maxLooks = 14;

export interface DealInput {
  readonly dealId: string;
  readonly itineraryId: string | null;
  /** What the clinic was told already; null if nothing. */
  readonly flights: Legs | null;
  /** Whether the patient agreed that their treatment is kept. */
  readonly mayKeepTreatment: boolean;
}

export type DealHeldFor =
  | 'deal-not-read'
  | 'deal-cancelled'
  | 'itinerary-not-read'
  | 'itinerary-not-planned'
  | 'itinerary-differs';

/** To the parent: what the deal says. */
export interface DealRead {
  readonly type: 'deal.read';
  readonly deal: Deal;
}

/** To the parent: staff have to look. */
export interface DealHeld {
  readonly type: 'deal.held';
  readonly heldFor: DealHeldFor;
}

export interface DealContext {
  readonly dealId: string;
  readonly itineraryId: string | null;
  readonly mayKeepTreatment: boolean;
  /** Null until the clinic was told. */
  readonly flights: Legs | null;
  readonly differences: readonly PlanDifference[];
  readonly looks: number;
  readonly heldFor: DealHeldFor | null;
}

type DealEvent =
  /** The clinic has the flights. */
  | { readonly type: 'clinic.told'; readonly flights: Legs; readonly itineraryId: string | null }
  /** Staff named the itinerary. */
  | { readonly type: 'itinerary.named'; readonly itineraryId: string }
  | { readonly type: 'staff.resume' };

interface Seen {
  readonly context: DealContext;
}

const initialContext = ({ input }: { input: DealInput }): DealContext => ({
  dealId: input.dealId,
  itineraryId: input.itineraryId,
  mayKeepTreatment: input.mayKeepTreatment,
  flights: input.flights,
  differences: [],
  looks: 0,
  heldFor: null,
});

const dealOrder = ({ context }: Seen): DealToRead => ({
  dealId: context.dealId,
  mayKeepTreatment: context.mayKeepTreatment,
});

const planOrder = ({ context }: Seen): PlanToCompare => ({
  itineraryId: context.itineraryId ?? '',
  flights: context.flights ?? [],
});

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

const dealRead = (_: unknown, deal: Deal): DealRead => ({ type: 'deal.read', deal });

const dealHeld = ({ context }: Seen): DealHeld => ({
  type: 'deal.held',
  heldFor: context.heldFor ?? 'deal-not-read',
});

const codeOf = ({ event }: { event: ErrorActorEvent }): { code: string } => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return { code: typeof code === 'string' ? code : 'failed' };
};

/**
 * What a case knows of its deal at the clinic: treatment, price and dates, and whether the plan of the stay has the
 * patient's flights as they were sent. What cannot be read, or differs, is held for staff, who resume it.
 */
export const dealMachine = setup({
  types: {} as {
    context: DealContext;
    events: DealEvent;
    input: DealInput;
    meta: StateMeta;
    tags: 'awaiting-provider' | 'held';
  },
  actors: {
    readDeal: {} as Effect<'readDeal'>,
    comparePlan: {} as Effect<'comparePlan'>,
  },
  actions: {
    forgetHeld: assign({ heldFor: null }),
    setFlights: assign(({ context, event }) =>
      event.type === 'clinic.told'
        ? {
            flights: event.flights,
            itineraryId: event.itineraryId ?? context.itineraryId,
            differences: [],
            looks: 0,
          }
        : {},
    ),
    setItinerary: assign(({ event }) =>
      event.type === 'itinerary.named' ? { itineraryId: event.itineraryId, looks: 0 } : {},
    ),
    setDifferences: assign(({ context }, { differences }: ComparedPlan) => ({
      differences,
      looks: context.looks + 1,
      heldFor: null,
    })),
    setHeld: assign((_, { heldFor }: { heldFor: DealHeldFor }) => ({ heldFor })),
    lookAnew: assign({ looks: 0, differences: [] }),
    tellParentRead: sendParent(dealRead),
    tellParentHeld: sendParent(dealHeld),
  },
  guards: {
    isCancelled: (_, { status }: Deal) => status === 'cancelled',
    isNotPermitted: (_, { code }: { code: string }) => code === 'not_permitted',
    differs: (_, { differences }: ComparedPlan) => differences.length > 0,
    isPlanned: (_, { isPlanned }: ComparedPlan) => isPlanned,
    hasLookedOften: ({ context }) => context.looks + 1 >= maxLooks,
    isToCompare: ({ context }) => context.flights !== null && context.itineraryId !== null,
  },
  delays: { nextLook: day },
}).createMachine({
  id: 'deal',
  version: '1',
  description:
    "The clinic's deal with the patient: what it says, and whether its plan has the flights.",
  meta: { label: 'Deal', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'reading',
  states: {
    reading: {
      description: 'The deal is read: treatment, price and dates.',
      meta: { label: 'Reading the deal', waitsFor: 'provider', targetMinutes: 30 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'readDeal',
        src: 'readDeal',
        input: dealOrder,
        onDone: [
          {
            guard: { type: 'isCancelled', params: outputOf },
            target: 'held',
            actions: [
              { type: 'tellParentRead', params: outputOf },
              { type: 'setHeld', params: { heldFor: 'deal-cancelled' } },
            ],
          },
          {
            target: 'known',
            actions: ['forgetHeld', { type: 'tellParentRead', params: outputOf }],
          },
        ],
        onError: [
          // The consent was withdrawn meanwhile: nothing is read, and nobody has to look.
          { guard: { type: 'isNotPermitted', params: codeOf }, target: 'unread' },
          {
            target: 'held',
            actions: { type: 'setHeld', params: { heldFor: 'deal-not-read' } },
          },
        ],
      },
      on: {
        'clinic.told': { actions: 'setFlights' },
        'itinerary.named': { actions: 'setItinerary' },
      },
    },
    unread: {
      description: 'The consent to it is withdrawn. Staff may have it read again.',
      meta: { label: 'Deal not read', waitsFor: 'nobody', targetMinutes: null },
      on: {
        'staff.resume': { target: 'reading' },
        'clinic.told': { target: 'reading', actions: 'setFlights' },
        'itinerary.named': { actions: 'setItinerary' },
      },
    },
    known: {
      description:
        'The deal is known. The plan of the stay is compared once the clinic has the flights.',
      meta: { label: 'Deal known', waitsFor: 'nobody', targetMinutes: null },
      always: { guard: 'isToCompare', target: 'comparing' },
      on: {
        'clinic.told': { actions: 'setFlights' },
        'itinerary.named': { actions: 'setItinerary' },
      },
    },
    comparing: {
      description: "The clinic's plan is read back and compared with the flights.",
      meta: { label: 'Comparing the plan', waitsFor: 'provider', targetMinutes: 30 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'comparePlan',
        src: 'comparePlan',
        input: planOrder,
        onDone: [
          {
            guard: { type: 'differs', params: outputOf },
            target: 'held',
            actions: [
              { type: 'setDifferences', params: outputOf },
              { type: 'setHeld', params: { heldFor: 'itinerary-differs' } },
            ],
          },
          {
            guard: { type: 'isPlanned', params: outputOf },
            target: 'agreed',
            actions: { type: 'setDifferences', params: outputOf },
          },
          {
            guard: 'hasLookedOften',
            target: 'held',
            actions: { type: 'setHeld', params: { heldFor: 'itinerary-not-planned' } },
          },
          { target: 'planning', actions: { type: 'setDifferences', params: outputOf } },
        ],
        onError: [
          { guard: { type: 'isNotPermitted', params: codeOf }, target: 'unread' },
          {
            target: 'held',
            actions: { type: 'setHeld', params: { heldFor: 'itinerary-not-read' } },
          },
        ],
      },
      on: {
        'clinic.told': { target: 'comparing', reenter: true, actions: 'setFlights' },
        'itinerary.named': { target: 'comparing', reenter: true, actions: 'setItinerary' },
      },
    },
    planning: {
      description: 'The plan does not have the flights yet. It is looked at once a day.',
      meta: { label: 'The clinic plans', waitsFor: 'provider', targetMinutes: 20160 },
      tags: ['awaiting-provider'],
      on: {
        'clinic.told': { target: 'comparing', actions: 'setFlights' },
        'itinerary.named': { target: 'comparing', actions: 'setItinerary' },
        'staff.resume': { target: 'comparing', actions: 'lookAnew' },
      },
      after: { nextLook: { target: 'comparing' } },
    },
    agreed: {
      description: 'The plan has the flights as they were sent.',
      meta: { label: 'The plan agrees', waitsFor: 'nobody', targetMinutes: null },
      on: {
        'clinic.told': { target: 'comparing', actions: 'setFlights' },
        'itinerary.named': { target: 'comparing', actions: 'setItinerary' },
      },
    },
    held: {
      description:
        'It cannot be read, was cancelled, or differs from the flights. Staff settle it and resume.',
      meta: { label: 'Deal held for staff', waitsFor: 'staff', targetMinutes: 240 },
      tags: ['held'],
      entry: 'tellParentHeld',
      on: {
        'clinic.told': { target: 'reading', actions: 'setFlights' },
        'itinerary.named': { target: 'reading', actions: 'setItinerary' },
        'staff.resume': { target: 'reading', actions: 'lookAnew' },
      },
    },
  },
});
