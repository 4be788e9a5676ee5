import { assign, sendParent, setup, type DoneActorEvent } from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import type {
  AnonymisedStudy,
  AnonymiseRequest,
  Finding,
  Inspection,
  Leak,
  StudiesToFind,
  Study,
  StudyReference,
  StudyToAnalyse,
  StudyToInspect,
  VisionResult,
} from '../actors/shapes/imaging.ts';
import type { StateMeta } from './money-types.ts';

export interface ImagingInput {
  readonly caseId: string;
  /** As the archive has it. */
  readonly patientId: string;
  /** E.164 digits without `+`; must not be found in what leaves. */
  readonly phone: string | null;
  /** Stands for the patient outside: 1 to 64 of `A-Z a-z 0-9 -`, meaning nothing. */
  readonly pseudonym: string;
}

/** What is kept of a study. Its description is left out: it may hold patient data. */
type KeptStudy = Pick<Study, 'studyId' | 'date' | 'modalities' | 'instances'>;

/** What is kept of a finding. */
type SeenFinding = Pick<Finding, 'label' | 'confidence'>;

/** Why staff have to look. Part of what staff see, so a name never changes. */
export type ImagingHeldFor = 'archive' | 'no-study' | 'leak' | 'vision' | 'anonymising';

export type ImagingEvent =
  | { readonly type: 'staff.resume'; readonly at: string }
  | { readonly type: 'staff.skipImaging'; readonly at: string };

/** What the parent hears when staff have to look. `tags` are those of the leaks, e.g. `0008,1030`, each once. */
export interface ImagingHeld {
  readonly type: 'imaging.held';
  readonly heldFor: ImagingHeldFor;
  readonly tags: readonly string[];
}

export interface ImagingOutput {
  readonly outcome: 'analysed' | 'none';
  /** The study that was taken; null if none was. */
  readonly study: KeptStudy | null;
  readonly anonymisedStudyId: string | null;
  readonly model: VisionResult['model'] | null;
  /** Surest first, at most 20. */
  readonly findings: readonly SeenFinding[];
}

interface ImagingContext extends ImagingInput {
  readonly study: KeptStudy | null;
  readonly anonymised: AnonymisedStudy | null;
  /** There once the copy was inspected and may leave. */
  readonly reference: StudyReference | null;
  readonly leaks: readonly Leak[];
  readonly model: VisionResult['model'] | null;
  readonly findings: readonly SeenFinding[];
  readonly heldFor: ImagingHeldFor | null;
}

interface Seen {
  readonly context: ImagingContext;
}

const minute = 60 * 1_000; // ms
const day = 24 * 60 * minute;

/** All 200 of a model's stay in the ledger; a clinician's first look needs no more than these. */
const maxFindings = 20;
/** As many as the port tells. */
const maxLeaks = 100;

const initialContext = ({ input }: { input: ImagingInput }): ImagingContext => ({
  caseId: input.caseId,
  patientId: input.patientId,
  phone: input.phone,
  pseudonym: input.pseudonym,
  study: null,
  anonymised: null,
  reference: null,
  leaks: [],
  model: null,
  findings: [],
  heldFor: null,
});

const studyQuery = ({ context }: Seen): StudiesToFind => ({
  patientId: context.patientId,
});

const anonymiseOrder = ({ context }: Seen): AnonymiseRequest => ({
  studyId: context.study?.studyId ?? '',
  pseudonym: context.pseudonym,
});

const inspectionOrder = ({ context }: Seen): StudyToInspect => ({
  study: context.anonymised ?? { studyId: '', sourceStudyId: '', instances: 0 },
  patientId: context.patientId,
  phone: context.phone,
});

const analysisOrder = ({ context }: Seen): StudyToAnalyse => {
  if (context.reference === null) throw new Error('Only an inspected study may leave');
  return { reference: context.reference };
};

/** The archive tells the newest first. An empty one is stable only because nothing has come yet. */
const stableIn = (studies: readonly Study[]): Study | undefined =>
  studies.find(({ stable, instances }) => stable && instances > 0);

const imagingHeld = ({ context }: Seen): ImagingHeld => ({
  type: 'imaging.held',
  heldFor: context.heldFor ?? 'archive',
  tags: context.heldFor === 'leak' ? [...new Set(context.leaks.map(({ tag }) => tag))] : [],
});

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

const imagingOutput = ({ context }: Seen): ImagingOutput => ({
  outcome: context.model === null ? 'none' : 'analysed',
  study: context.study,
  anonymisedStudyId: context.anonymised?.studyId ?? null,
  model: context.model,
  findings: context.findings,
});

/**
 * One study of the patient, from the clinic's archive to what a model sees in it. Nothing leaves before every element of
 * the anonymised copy was inspected; anything in doubt is held for staff. Findings go to the parent, for clinicians.
 */
export const imagingMachine = setup({
  types: {} as {
    context: ImagingContext;
    events: ImagingEvent;
    input: ImagingInput;
    output: ImagingOutput;
    meta: StateMeta;
    tags: 'awaiting-provider' | 'held';
  },
  actors: {
    findStudies: {} as Effect<'findStudies'>,
    anonymiseStudy: {} as Effect<'anonymiseStudy'>,
    inspectStudy: {} as Effect<'inspectStudy'>,
    analyseStudy: {} as Effect<'analyseStudy'>,
  },
  actions: {
    keepStudy: assign((_, studies: readonly Study[]) => {
      const found = stableIn(studies);
      if (found === undefined) return {};
      const { studyId, date, modalities, instances } = found;
      return { study: { studyId, date, modalities, instances }, heldFor: null };
    }),
    keepAnonymised: assign((_, anonymised: AnonymisedStudy) => ({ anonymised, heldFor: null })),
    keepInspection: assign((_, inspection: Inspection) =>
      inspection.outcome === 'clean'
        ? { reference: inspection.reference, leaks: [], heldFor: null }
        : {
            leaks: inspection.leaks
              .slice(0, maxLeaks)
              .map(({ reason, tag, instances }) => ({ reason, tag, instances })),
          },
    ),
    keepFindings: assign((_, { model, findings }: VisionResult) => ({
      model: { name: model.name, version: model.version },
      findings: findings
        .toSorted((one, other) => other.confidence - one.confidence)
        .slice(0, maxFindings)
        .map(({ label, confidence }) => ({ label, confidence })),
      heldFor: null,
    })),
    noteHeld: assign((_, { heldFor }: { heldFor: ImagingHeldFor }) => ({ heldFor })),
    tellParentHeld: sendParent(imagingHeld),
  },
  guards: {
    hasStableStudy: (_, studies: readonly Study[]) => stableIn(studies) !== undefined,
    isClean: (_, { outcome }: Inspection) => outcome === 'clean',
    mayLeave: ({ context }) => context.reference !== null,
    hasStudy: ({ context }) => context.study !== null,
  },
  delays: {
    nextLook: 10 * minute,
    studyPatience: 14 * day,
  },
}).createMachine({
  id: 'imaging',
  version: '1',
  description: 'One study of the patient: found, anonymised, inspected, and read by a model.',
  meta: { label: 'Imaging', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  output: imagingOutput,
  initial: 'awaitingStudy',
  on: {
    'staff.skipImaging': { target: '#imaging.skipped' },
  },
  states: {
    awaitingStudy: {
      description: 'The archive is looked at now and then until it has a whole study.',
      meta: { label: 'Awaiting a study', waitsFor: 'provider', targetMinutes: 20160 },
      initial: 'finding',
      after: {
        studyPatience: {
          target: 'held',
          actions: { type: 'noteHeld', params: { heldFor: 'no-study' } },
        },
      },
      states: {
        finding: {
          description: 'The archive is being asked for the studies of this patient.',
          meta: { label: 'Looking for a study', waitsFor: 'provider', targetMinutes: 5 },
          tags: ['awaiting-provider'],
          invoke: {
            id: 'findStudies',
            src: 'findStudies',
            input: studyQuery,
            onDone: [
              {
                guard: { type: 'hasStableStudy', params: outputOf },
                target: '#imaging.anonymising',
                actions: { type: 'keepStudy', params: outputOf },
              },
              { target: 'waiting' },
            ],
            onError: {
              target: '#imaging.held',
              actions: { type: 'noteHeld', params: { heldFor: 'archive' } },
            },
          },
        },
        waiting: {
          description: 'There is no study yet, or its images are still arriving.',
          meta: { label: 'No study yet', waitsFor: 'provider', targetMinutes: null },
          tags: ['awaiting-provider'],
          after: { nextLook: { target: 'finding' } },
        },
      },
    },
    anonymising: {
      description: 'The archive makes a copy without the patient, or finds the one it made before.',
      meta: { label: 'Anonymising the study', waitsFor: 'provider', targetMinutes: 30 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'anonymiseStudy',
        src: 'anonymiseStudy',
        input: anonymiseOrder,
        onDone: { target: 'inspecting', actions: { type: 'keepAnonymised', params: outputOf } },
        onError: {
          target: 'held',
          actions: { type: 'noteHeld', params: { heldFor: 'anonymising' } },
        },
      },
    },
    inspecting: {
      description: 'Every element of the copy is searched for what could tell who the patient is.',
      meta: { label: 'Checking for leaks', waitsFor: 'provider', targetMinutes: 30 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'inspectStudy',
        src: 'inspectStudy',
        input: inspectionOrder,
        onDone: [
          {
            guard: { type: 'isClean', params: outputOf },
            target: 'analysing',
            actions: { type: 'keepInspection', params: outputOf },
          },
          {
            target: 'held',
            actions: [
              { type: 'keepInspection', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'leak' } },
            ],
          },
        ],
        onError: {
          target: 'held',
          actions: { type: 'noteHeld', params: { heldFor: 'archive' } },
        },
      },
    },
    analysing: {
      description: 'A model reads the anonymised copy.',
      meta: { label: 'Being analysed', waitsFor: 'provider', targetMinutes: 30 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'analyseStudy',
        src: 'analyseStudy',
        input: analysisOrder,
        onDone: { target: 'analysed', actions: { type: 'keepFindings', params: outputOf } },
        onError: {
          target: 'held',
          actions: { type: 'noteHeld', params: { heldFor: 'vision' } },
        },
      },
    },
    held: {
      description: 'It does not go on by itself. Staff look, and resume where it stood or skip it.',
      meta: { label: 'Imaging held for staff', waitsFor: 'staff', targetMinutes: 240 },
      tags: ['held'],
      entry: 'tellParentHeld',
      on: {
        'staff.resume': [
          { guard: 'mayLeave', target: 'analysing' },
          // Not straight to the inspection: staff may have removed the copy that leaked. One that is there is found.
          { guard: 'hasStudy', target: 'anonymising' },
          { target: 'awaitingStudy' },
        ],
      },
    },
    analysed: {
      description: 'The findings are with the clinic.',
      meta: { label: 'Analysed', waitsFor: 'nobody', targetMinutes: null },
      type: 'final',
    },
    skipped: {
      description: 'Staff go on without a study.',
      meta: { label: 'Imaging skipped', waitsFor: 'nobody', targetMinutes: null },
      type: 'final',
    },
  },
});
