import { assign, sendParent, setup, type DoneActorEvent, type PromiseActorLogic } from 'xstate';

// Shapes of the ports are written again here, because a machine's file knows nothing but xstate and machines; the
// compiler holds them to the originals where the host puts both together.

export interface ImagingInput {
  readonly caseId: string;
  /** As the archive has it. */
  readonly patientId: string;
  /** E.164 digits without `+`; must not be found in what leaves. */
  readonly phone: string | null;
  /** Stands for the patient outside: 1 to 64 of `A-Z a-z 0-9 -`, meaning nothing. */
  readonly pseudonym: string;
}

/** As actors/ports/imaging.ts has it. Its description is left out: it may hold patient data. */
export interface Study {
  readonly studyId: string;
  /** `YYYY-MM-DD`, local to the hospital; null where the study does not say. */
  readonly date: string | null;
  readonly modalities: readonly string[];
  readonly instances: number;
}

export interface FoundStudy extends Study {
  /** False while images may still be arriving. */
  readonly stable: boolean;
}

export interface AnonymisedStudy {
  readonly studyId: string;
  readonly sourceStudyId: string;
  readonly instances: number;
}

export interface StudyReference {
  readonly studyId: string;
  readonly studyInstanceUid: string;
  readonly url: string;
  readonly pseudonym: string;
  readonly instances: number;
}

/** A place where something of the patient may still be. Holds no value. */
export interface Leak {
  readonly reason: string;
  readonly tag: string;
  readonly instances: number;
}

export type Inspection =
  | { readonly outcome: 'clean'; readonly reference: StudyReference }
  | { readonly outcome: 'held'; readonly leaks: readonly Leak[] };

export interface InspectionOrder {
  readonly study: AnonymisedStudy;
  readonly patientId: string;
  readonly phone: string | null;
}

export interface Model {
  readonly name: string;
  readonly version: string;
}

/** What a model sees. For clinicians to review, never for the patient. */
export interface Finding {
  readonly label: string;
  /** 0 to 1, as the model says. */
  readonly confidence: number;
}

/** As actors/ports/vision.ts has it: surest first. */
export interface VisionResult {
  readonly model: Model;
  readonly findings: readonly Finding[];
}

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
  readonly study: Study | null;
  readonly anonymisedStudyId: string | null;
  readonly model: Model | null;
  /** Surest first, at most 20. */
  readonly findings: readonly Finding[];
}

interface ImagingContext extends ImagingInput {
  readonly study: Study | null;
  readonly anonymised: AnonymisedStudy | null;
  /** There once the copy was inspected and may leave. */
  readonly reference: StudyReference | null;
  readonly leaks: readonly Leak[];
  readonly model: Model | null;
  readonly findings: readonly Finding[];
  readonly heldFor: ImagingHeldFor | null;
}

interface StateMeta {
  readonly label: string;
  readonly waitsFor: 'patient' | 'provider' | 'staff' | 'nobody';
  /** How long a case may stand here before staff should look; null where time does not matter. */
  readonly targetMinutes: number | null;
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

const studyQuery = ({ context }: Seen): { patientId: string } => ({
  patientId: context.patientId,
});

const anonymiseOrder = ({ context }: Seen): { studyId: string; pseudonym: string } => ({
  studyId: context.study?.studyId ?? '',
  pseudonym: context.pseudonym,
});

const inspectionOrder = ({ context }: Seen): InspectionOrder => ({
  study: context.anonymised ?? { studyId: '', sourceStudyId: '', instances: 0 },
  patientId: context.patientId,
  phone: context.phone,
});

const analysisOrder = ({ context }: Seen): { reference: StudyReference | null } => ({
  reference: context.reference,
});

/** The archive tells the newest first. An empty one is stable only because nothing has come yet. */
const stableIn = (studies: readonly FoundStudy[]): FoundStudy | undefined =>
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
    tags: 'waiting-for-provider' | 'with-staff';
  },
  actors: {
    findStudies: {} as PromiseActorLogic<readonly FoundStudy[], { patientId: string }>,
    anonymiseStudy: {} as PromiseActorLogic<
      AnonymisedStudy,
      { studyId: string; pseudonym: string }
    >,
    inspectStudy: {} as PromiseActorLogic<Inspection, InspectionOrder>,
    analyseStudy: {} as PromiseActorLogic<VisionResult, { reference: StudyReference | null }>,
  },
  actions: {
    keepStudy: assign((_, studies: readonly FoundStudy[]) => {
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
    hasStableStudy: (_, studies: readonly FoundStudy[]) => stableIn(studies) !== undefined,
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
          tags: ['waiting-for-provider'],
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
          tags: ['waiting-for-provider'],
          after: { nextLook: { target: 'finding' } },
        },
      },
    },
    anonymising: {
      description: 'The archive makes a copy without the patient, or finds the one it made before.',
      meta: { label: 'Anonymising the study', waitsFor: 'provider', targetMinutes: 30 },
      tags: ['waiting-for-provider'],
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
      tags: ['waiting-for-provider'],
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
      tags: ['waiting-for-provider'],
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
      tags: ['with-staff'],
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
