import { assign, enqueueActions, sendParent, sendTo, setup, type DoneActorEvent } from 'xstate';

import type { StoredDocument } from './case-types.ts';
import type { FamilyEventOf, Say } from './family-types.ts';
import type { imagingMachine, ImagingHeld, ImagingInput, ImagingOutput } from './imaging.ts';
import type { StateMeta } from './money-types.ts';

/** What starts the review of a case. */
export interface ReviewInput {
  readonly caseId: string;
  /** Who the patient is at the clinic, as staff said; null until then. */
  readonly patientId: string | null;
  /** The patient's number, which must not be found in what leaves; null if there is none. */
  readonly phone: string | null;
  readonly documents: readonly StoredDocument[];
}

/** What the review of a case remembers. */
export interface ReviewContext extends ReviewInput {
  /** The patient agreed that health data is kept. */
  readonly mayReview: boolean;
  /** The patient told what treatment they want. */
  readonly hasProcedure: boolean;
  /** What the case was told last. */
  readonly review: FamilyEventOf<'review.changed'>['review'];
  /** What the model saw, for the clinic's eyes. */
  readonly imaging: ImagingOutput | null;
  readonly imagingHeld: { readonly heldFor: string; readonly tags: readonly string[] } | null;
}

type ReviewEvent =
  | FamilyEventOf<'consent.changed'>
  | FamilyEventOf<'procedure.told'>
  | FamilyEventOf<'procedure.forgotten'>
  | FamilyEventOf<'documents.changed'>
  | FamilyEventOf<'contact.changed'>
  | ImagingHeld
  | {
      readonly type: 'staff.linked';
      readonly patientId?: string;
      readonly at: string;
    }
  | {
      readonly type: 'staff.resume' | 'staff.skipImaging' | 'staff.cleared' | 'staff.declined';
      readonly at: string;
    };

interface Seen {
  readonly context: ReviewContext;
}

const day = 24 * 60 * 60 * 1_000; // ms

const initialContext = ({ input }: { input: ReviewInput }): ReviewContext => ({
  caseId: input.caseId,
  patientId: input.patientId,
  phone: input.phone,
  documents: input.documents,
  mayReview: false,
  hasProcedure: false,
  review: 'unneeded',
  imaging: null,
  imagingHeld: null,
});

/** Stands for the patient wherever images go: it means nothing, and is the same for every study of the case. */
const pseudonymOf = (caseId: string): string =>
  `P-${caseId.replaceAll(/[^A-Za-z0-9]/g, '').slice(-16)}`;

const imagingInput = ({ context: { caseId, patientId, phone } }: Seen): ImagingInput => ({
  caseId,
  patientId: patientId ?? '',
  phone,
  pseudonym: pseudonymOf(caseId),
});

/** A passport or a visa says nothing that the clinic has to look at. Uploads have their kind in their name. */
const isForClinic = ({ key }: StoredDocument): boolean => !/\/(?:passport|visa)-[^/]*$/.test(key);

/** The clinic has to look before flights are offered: at what the patient gave for it, with the consent to that. */
const isWanted = ({ mayReview, hasProcedure, documents }: ReviewContext): boolean =>
  mayReview && (hasProcedure || documents.some(isForClinic));

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

const declined = (): Say => ({ type: 'say', text: 'review.declined' });

/**
 * What the clinic makes of words, files and images, and whether the treatment can be offered. Findings are for its eyes,
 * never for the patient.
 */
export const reviewMachine = setup({
  types: {} as {
    context: ReviewContext;
    events: ReviewEvent;
    input: ReviewInput;
    meta: StateMeta;
    tags: 'clinical-review';
    children: { imaging: 'imaging' };
  },
  actors: {
    // Put in its place by the host.
    imaging: {} as typeof imagingMachine,
  },
  actions: {
    setConsent: assign(({ event }) =>
      event.type === 'consent.changed' ? { mayReview: event.status === 'given' } : {},
    ),
    setProcedure: assign({ hasProcedure: true }),
    forgetProcedure: assign({ hasProcedure: false }),
    setDocuments: assign(({ event }) =>
      event.type === 'documents.changed' ? { documents: event.documents } : {},
    ),
    setPhone: assign(({ event }) =>
      event.type === 'contact.changed' ? { phone: event.recipient.phone ?? null } : {},
    ),
    setPatient: assign(({ context, event }) =>
      event.type === 'staff.linked' ? { patientId: event.patientId ?? context.patientId } : {},
    ),
    setImaging: assign((_, imaging: ImagingOutput) => ({ imaging, imagingHeld: null })),
    forgetImaging: assign({ imaging: null, imagingHeld: null }),
    setImagingHeld: assign(({ event }) =>
      event.type === 'imaging.held'
        ? { imagingHeld: { heldFor: event.heldFor, tags: event.tags } }
        : {},
    ),
    forgetImagingHeld: assign({ imagingHeld: null }),
    toImaging: sendTo('imaging', ({ event }) => event),
    /** The journey waits for this word, and goes on by it. */
    tell: enqueueActions(({ enqueue }, { review }: Pick<ReviewContext, 'review'>) => {
      enqueue.assign({ review });
      enqueue.sendParent({ type: 'review.changed', review });
    }),
    say: sendParent((_, what: Say) => what),
    handOver: sendParent((_, { reason }: Pick<FamilyEventOf<'handOver'>, 'reason'>) => ({
      type: 'handOver',
      reason,
    })),
  },
  guards: {
    isWanted: ({ context }) => isWanted(context),
    isUnwanted: ({ context }) => !isWanted(context),
    isLinked: ({ context }) => context.patientId !== null,
    linksAnother: ({ context, event }) =>
      event.type === 'staff.linked' &&
      event.patientId !== undefined &&
      event.patientId !== context.patientId,
    isAboutHealth: ({ event }) =>
      event.type === 'consent.changed' && event.purpose === 'health-data',
  },
  delays: { reviewPatience: 2 * day },
}).createMachine({
  id: 'review',
  version: '1',
  description: 'What the clinic makes of what the patient gave it.',
  meta: { label: 'Clinical review', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'unneeded',
  on: {
    'consent.changed': { guard: 'isAboutHealth', actions: 'setConsent' },
    'procedure.told': { actions: 'setProcedure' },
    'procedure.forgotten': { actions: 'forgetProcedure' },
    'documents.changed': { actions: 'setDocuments' },
    'contact.changed': { actions: 'setPhone' },
    'staff.linked': { actions: 'setPatient' },
  },
  states: {
    unneeded: {
      description: 'The patient gave nothing that the clinic has to look at.',
      meta: { label: 'No review', waitsFor: 'nobody', targetMinutes: null },
      entry: [{ type: 'tell', params: { review: 'unneeded' } }, 'forgetImaging'],
      always: { guard: 'isWanted', target: 'linking' },
    },
    linking: {
      description: 'Staff say who the patient is at the clinic, or decide without its images.',
      meta: { label: 'Link the patient', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['clinical-review'],
      entry: { type: 'tell', params: { review: 'needed' } },
      always: [
        { guard: 'isUnwanted', target: 'unneeded' },
        { guard: 'isLinked', target: 'imaging' },
      ],
      on: {
        'staff.cleared': { target: 'cleared' },
        'staff.declined': { target: 'declined' },
      },
      after: {
        reviewPatience: { actions: { type: 'handOver', params: { reason: 'review-late' } } },
      },
    },
    imaging: {
      description: 'A study is found, anonymised, inspected and read by the model.',
      meta: { label: 'Imaging', waitsFor: 'provider', targetMinutes: 1440 },
      tags: ['clinical-review'],
      always: { guard: 'isUnwanted', target: 'unneeded' },
      invoke: {
        id: 'imaging',
        src: 'imaging',
        input: imagingInput,
        onDone: { target: 'deciding', actions: { type: 'setImaging', params: outputOf } },
        onError: { target: 'deciding' },
      },
      on: {
        'imaging.held': {
          actions: ['setImagingHeld', { type: 'handOver', params: { reason: 'imaging-held' } }],
        },
        // Another patient's images must not be looked at any longer.
        'staff.linked': {
          guard: 'linksAnother',
          target: 'imaging',
          reenter: true,
          actions: ['setPatient', 'forgetImaging'],
        },
        'staff.resume': { actions: ['forgetImagingHeld', 'toImaging'] },
        'staff.skipImaging': { actions: 'toImaging' },
        'staff.cleared': { target: 'cleared' },
        'staff.declined': { target: 'declined' },
      },
      after: {
        reviewPatience: { actions: { type: 'handOver', params: { reason: 'review-late' } } },
      },
    },
    deciding: {
      description: 'The clinic has all there is, and says whether the treatment can be offered.',
      meta: { label: 'Clinic decides', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['clinical-review'],
      always: { guard: 'isUnwanted', target: 'unneeded' },
      on: {
        'staff.linked': {
          guard: 'linksAnother',
          target: 'imaging',
          actions: ['setPatient', 'forgetImaging'],
        },
        'staff.cleared': { target: 'cleared' },
        'staff.declined': { target: 'declined' },
      },
      after: {
        reviewPatience: { actions: { type: 'handOver', params: { reason: 'review-late' } } },
      },
    },
    cleared: {
      description: 'The clinic can offer it: the journey goes on.',
      meta: { label: 'Cleared', waitsFor: 'nobody', targetMinutes: null },
      entry: { type: 'tell', params: { review: 'cleared' } },
      always: { guard: 'isUnwanted', target: 'unneeded' },
      on: { 'staff.declined': { target: 'declined' } },
    },
    declined: {
      description: 'The clinic cannot offer it. A colleague tells the patient what is possible.',
      meta: { label: 'Declined', waitsFor: 'staff', targetMinutes: 1440 },
      entry: [
        { type: 'tell', params: { review: 'declined' } },
        { type: 'say', params: declined },
      ],
      on: { 'staff.cleared': { target: 'cleared' } },
    },
  },
});
