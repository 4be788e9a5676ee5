import { assign, raise, sendParent, sendTo, setup, type DoneActorEvent } from 'xstate';

import type { Deal } from '../actors/shapes/clinic.ts';
import type { Effect } from '../actors/shapes/effects.ts';
import type { ClinicFlights, ClinicReceipt } from './case-types.ts';
import type { DealHeld, DealInput, dealMachine, DealRead } from './deal.ts';
import type { FamilyEventOf } from './family-types.ts';
import type { Legs } from './flight-types.ts';
import type { StateMeta } from './money-types.ts';

/** What starts a case's news to and from the clinic. */
export interface ClinicInput {
  readonly caseId: string;
  /** The clinic's own ids, as staff said; null until then. */
  readonly dealId: string | null;
  readonly itineraryId: string | null;
}

type Trip = Pick<FamilyEventOf<'trip.confirmed'>, 'booking' | 'flights' | 'total'>;

/** What is known of the clinic. */
export interface ClinicContext extends ClinicInput {
  /** The patient agreed to the service: the deal may be read. */
  readonly mayRead: boolean;
  /** The patient agreed that health data is kept. */
  readonly mayKeepTreatment: boolean;
  /** The trip that is paid; null until then. */
  readonly trip: Trip | null;
  /** What the deal says, as it was read last. */
  readonly deal: Deal | null;
  /** The clinic has the flights. */
  readonly isTold: boolean;
}

/** The clinic has the flights; it may have said in which itinerary it puts them. */
interface ClinicTold {
  readonly type: 'clinic.told';
  readonly flights: Legs;
  readonly itineraryId: string | null;
}

type ClinicEvent =
  | FamilyEventOf<'consent.changed'>
  | FamilyEventOf<'trip.confirmed'>
  | {
      readonly type: 'staff.linked';
      readonly dealId?: string;
      readonly itineraryId?: string;
      readonly at: string;
    }
  | { readonly type: 'staff.resume'; readonly at: string }
  | DealRead
  | DealHeld
  | ClinicTold;

interface Seen {
  readonly context: ClinicContext;
}

const initialContext = ({ input }: { input: ClinicInput }): ClinicContext => ({
  caseId: input.caseId,
  dealId: input.dealId,
  itineraryId: input.itineraryId,
  mayRead: false,
  mayKeepTreatment: false,
  trip: null,
  deal: null,
  isTold: false,
});

const clinicFlights = ({ context: { caseId, dealId, trip } }: Seen): ClinicFlights => {
  if (trip === null || dealId === null) throw new Error('There is nothing to tell');
  return { dealId, caseId, ...trip };
};

const dealInput = ({ context }: Seen): DealInput => ({
  dealId: context.dealId ?? '',
  itineraryId: context.itineraryId,
  flights: context.isTold && context.trip !== null ? context.trip.flights : null,
  mayKeepTreatment: context.mayKeepTreatment,
});

const clinicTold = ({ context }: Seen, { itineraryId }: ClinicReceipt): ClinicTold => ({
  type: 'clinic.told',
  flights: context.trip?.flights ?? [],
  itineraryId: itineraryId ?? null,
});

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

/** What the clinic agreed on with the patient, whether its plan has the flights, and the news of them: no names. */
export const clinicMachine = setup({
  types: {} as {
    context: ClinicContext;
    events: ClinicEvent;
    input: ClinicInput;
    meta: StateMeta;
    children: { deal: 'deal' };
  },
  actors: {
    tellClinic: {} as Effect<'tellClinic'>,
    // Put in its place by the host.
    deal: {} as typeof dealMachine,
  },
  actions: {
    /** The treatment is health data: without the consent to it, it is forgotten. */
    setConsent: assign(({ context, event }) => {
      if (event.type !== 'consent.changed') return {};
      const isGiven = event.status === 'given';
      if (event.purpose === 'service') return { mayRead: isGiven };
      if (event.purpose !== 'health-data') return {};
      return {
        mayKeepTreatment: isGiven,
        deal: isGiven ? context.deal : context.deal && { ...context.deal, treatment: null },
      };
    }),
    setTrip: assign(({ event }) =>
      event.type === 'trip.confirmed'
        ? { trip: { booking: event.booking, flights: event.flights, total: event.total } }
        : {},
    ),
    setIds: assign(({ context, event }) =>
      event.type === 'staff.linked'
        ? {
            dealId: event.dealId ?? context.dealId,
            itineraryId: event.itineraryId ?? context.itineraryId,
          }
        : {},
    ),
    setTold: assign(({ context }, { itineraryId }: ClinicReceipt) => ({
      isTold: true,
      itineraryId: itineraryId ?? context.itineraryId,
    })),
    tellDeal: raise(clinicTold),
    tellParentTold: sendParent(clinicTold),
    setDeal: assign(({ event }) => (event.type === 'deal.read' ? { deal: event.deal } : {})),
    forgetDeal: assign({ deal: null }),
    toDeal: sendTo('deal', ({ event }) => event),
    nameItinerary: sendTo('deal', ({ event }) => ({
      type: 'itinerary.named',
      itineraryId: event.type === 'staff.linked' ? (event.itineraryId ?? '') : '',
    })),
    handOver: sendParent((_, { reason }: Pick<FamilyEventOf<'handOver'>, 'reason'>) => ({
      type: 'handOver',
      reason,
    })),
  },
  guards: {
    isToBeTold: ({ context }) => context.dealId !== null && context.trip !== null,
    isDealLinked: ({ context }) => context.dealId !== null && context.mayRead,
    linksAnotherDeal: ({ context, event }) =>
      event.type === 'staff.linked' &&
      event.dealId !== undefined &&
      event.dealId !== context.dealId,
    namesItinerary: ({ event }) => event.type === 'staff.linked' && event.itineraryId !== undefined,
  },
}).createMachine({
  id: 'clinic',
  version: '1',
  description: "News to the clinic and from it: the patient's flights, its deal, its plan.",
  meta: { label: 'Clinic', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  type: 'parallel',
  on: {
    'consent.changed': { actions: 'setConsent' },
    'trip.confirmed': { actions: 'setTrip' },
    'staff.linked': { actions: 'setIds' },
  },
  states: {
    news: {
      description: 'The clinic hears when its patient comes: flights and numbers, no names.',
      meta: { label: 'Clinic told', waitsFor: 'nobody', targetMinutes: null },
      initial: 'nothing',
      states: {
        nothing: {
          description: 'Nothing is booked yet, or staff have not said which deal it is.',
          meta: { label: 'Nothing to tell', waitsFor: 'nobody', targetMinutes: null },
          always: { guard: 'isToBeTold', target: 'telling' },
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
                { type: 'tellDeal', params: outputOf },
                { type: 'tellParentTold', params: outputOf },
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
                actions: ['setIds', 'forgetDeal'],
              },
              { guard: 'namesItinerary', actions: ['setIds', 'nameItinerary'] },
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
  },
});
