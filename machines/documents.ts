import {
  assign,
  cancel,
  enqueueActions,
  raise,
  sendParent,
  setup,
  type DoneActorEvent,
  type ErrorActorEvent,
} from 'xstate';

import type { DocumentKind, StoredDocument } from '../actors/shapes/documents.ts';
import type { Effect } from '../actors/shapes/effects.ts';
import type { TextKey } from '../actors/texts/keys.ts';
import type { FamilyEventOf, Say } from './family-types.ts';
import type { StateMeta } from './money-types.ts';

/** Times are ISO 8601 with offset. */
export interface DocumentsInput {
  readonly caseId: string;
  readonly tenant: string;
}

/** What the patient uploaded. Its kind is in its key. */
interface Upload {
  readonly kind: DocumentKind;
  readonly key: string;
}

export interface VerifiedDocument extends StoredDocument {
  readonly kind: DocumentKind;
}

/** Why staff have to look. Part of what staff see, so a name never changes. */
export type DocumentsHeldFor = 'not-uploaded' | 'not-readable';

export type DocumentsEvent =
  /** Asks the patient for a document. One that waits already is not asked for twice. */
  | FamilyEventOf<'document.wanted'>
  | { readonly type: 'staff.askDocument'; readonly kind: DocumentKind; readonly at: string }
  | {
      readonly type: 'document.uploaded';
      /** `docs/{tenant}/{caseId}/{kind}-<uuid>.<ending>`; what has another form is no upload of a patient. */
      readonly key: string;
      readonly size: number;
      readonly checksum: string;
    }
  | { readonly type: 'staff.resume'; readonly at: string }
  /** From its own timer. */
  | { readonly type: 'document.lifetimeOver'; readonly kind: DocumentKind; readonly key: string };

/** What the parent hears. A document that is uploaded anew under its key is told of again. */
export type DocumentsNews =
  | ({ readonly type: 'document.verified' } & VerifiedDocument)
  /** It is not to be used any more: its time is over, or what was uploaded in its place is refused. */
  | { readonly type: 'document.expired'; readonly kind: DocumentKind; readonly key: string }
  | {
      readonly type: 'documents.held';
      readonly kind: DocumentKind;
      readonly heldFor: DocumentsHeldFor;
    };

interface DocumentsContext extends DocumentsInput {
  /** Kinds that wait to be asked for, each once. */
  readonly wanted: readonly DocumentKind[];
  /** The kind that the patient is being asked for. */
  readonly asked: DocumentKind | null;
  /** Uploads that wait to be verified, oldest first. */
  readonly uploads: readonly Upload[];
  /** The upload that is being verified. */
  readonly upload: Upload | null;
  /** Uploads that could not be looked into; staff have them tried again. */
  readonly unreadable: readonly Upload[];
  /** Newest last, at most 50. The end of one that fell off is told all the same. */
  readonly verified: readonly VerifiedDocument[];
  readonly heldFor: DocumentsHeldFor | null;
  readonly heldKind: DocumentKind | null;
}

interface Seen {
  readonly context: DocumentsContext;
}

const day = 24 * 60 * 60 * 1_000; // ms

const maxVerified = 50;
/** A flood beyond that is not taken up; the history has it. */
const maxUploads = 20;

/** What the patient is told to stay under, MB; actors/performers/document-links.ts holds the limits. */
const megabytes: Readonly<Record<DocumentKind, number>> = {
  passport: 10,
  visa: 10,
  report: 20,
  'x-ray': 50,
};

/** What a patient can do something about, and how we say it. */
const refusals: Readonly<Record<string, TextKey>> = {
  media_too_large: 'documents.tooLarge',
  media_wrong_type: 'documents.wrongType',
  media_damaged: 'documents.damaged',
  media_unsafe: 'documents.unsafe',
};

const keyPattern = /^docs\/([^/]+)\/([^/]+)\/(passport|visa|report|x-ray)-[0-9a-f-]{36}\.\w{1,10}$/;

/** The upload that an event tells of; null if it is none of this case's patient. */
const uploadIn = (context: DocumentsContext, event: DocumentsEvent): Upload | null => {
  if (event.type !== 'document.uploaded') return null;
  const [key, tenant, caseId, kind] = keyPattern.exec(event.key) ?? [];
  if (key === undefined || tenant !== context.tenant || caseId !== context.caseId) return null;
  return { kind: kind as DocumentKind, key };
};

/** Timers' ids are in the history for all staff to see, so this one tells no kind. */
const timerOf = (key: string): string => `expiry.${/[0-9a-f-]{36}(?=\.\w+$)/.exec(key)?.[0] ?? ''}`;

const initialContext = ({ input }: { input: DocumentsInput }): DocumentsContext => ({
  caseId: input.caseId,
  tenant: input.tenant,
  wanted: [],
  asked: null,
  uploads: [],
  upload: null,
  unreadable: [],
  verified: [],
  heldFor: null,
  heldKind: null,
});

const kindWanted = (event: DocumentsEvent): DocumentKind | null =>
  event.type === 'document.wanted' || event.type === 'staff.askDocument' ? event.kind : null;

const toVerify = ({ context }: Seen): Upload => ({
  key: context.upload?.key ?? '',
  kind: context.upload?.kind ?? 'passport',
});

const verifiedDocument = ({
  context,
  event,
}: {
  context: DocumentsContext;
  event: DoneActorEvent<StoredDocument>;
}): VerifiedDocument => {
  const { key, contentType, size, checksum } = event.output;
  return { ...toVerify({ context }), key, contentType, size, checksum };
};

const expiredDocument = ({
  event: { kind, key },
}: {
  event: Extract<DocumentsEvent, { readonly type: 'document.lifetimeOver' }>;
}): Upload => ({ kind, key });

const codeOf = ({ event }: { event: ErrorActorEvent }): { code: string } => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return { code: typeof code === 'string' ? code : 'failed' };
};

const refusal = ({
  context,
  event,
}: {
  context: DocumentsContext;
  event: ErrorActorEvent;
}): Say => {
  const { kind } = toVerify({ context });
  const text = refusals[codeOf({ event }).code] ?? 'documents.damaged';
  return {
    type: 'say',
    text,
    values: text === 'documents.tooLarge' ? { limit: megabytes[kind] } : {},
    purpose: kind === 'report' || kind === 'x-ray' ? 'health-data' : 'service',
  };
};

/**
 * The documents of one case, for as long as the case lives. Asks the patient for one at a time, has every upload looked
 * into before anybody relies on it, and says when a document's time is over. Hears what is uploaded unasked, too.
 */
export const documentsMachine = setup({
  types: {} as {
    context: DocumentsContext;
    events: DocumentsEvent;
    input: DocumentsInput;
    meta: StateMeta;
    tags: 'awaiting-patient' | 'awaiting-provider' | 'held';
  },
  actors: {
    verifyDocument: {} as Effect<'verifyDocument'>,
  },
  actions: {
    sendLink: sendParent(({ context }): FamilyEventOf<'link'> => ({
      type: 'link',
      kind: context.asked ?? 'passport',
    })),
    say: sendParent((_, what: Say) => what),
    queueWanted: assign(({ context, event }) => {
      const kind = kindWanted(event);
      return kind === null ? {} : { wanted: [...context.wanted, kind] };
    }),
    takeWanted: assign(({ context }) => ({
      asked: context.wanted[0] ?? null,
      wanted: context.wanted.slice(1),
      heldFor: null,
      heldKind: null,
    })),
    queueUpload: assign(({ context, event }) => {
      const upload = uploadIn(context, event);
      if (upload === null) return {};
      const others = ({ key }: Upload): boolean => key !== upload.key;
      return {
        uploads: [...context.uploads.filter(others), upload],
        unreadable: context.unreadable.filter(others),
      };
    }),
    takeUpload: assign(({ context }) => ({
      upload: context.uploads[0] ?? null,
      uploads: context.uploads.slice(1),
    })),
    // Whatever was being verified when its state was left is not lost.
    putBackUpload: assign(({ context }) =>
      context.upload === null
        ? {}
        : { upload: null, uploads: [context.upload, ...context.uploads] },
    ),
    // A file that is gone comes back by no second try.
    setAsideUpload: assign(({ context }, { code }: { code: string }) => ({
      upload: null,
      unreadable:
        context.upload === null || code === 'media_gone'
          ? context.unreadable
          : [...context.unreadable, context.upload].slice(-maxUploads),
      heldFor: 'not-readable' as const,
      heldKind: context.upload?.kind ?? null,
    })),
    dropUpload: assign({ upload: null }),
    forgetHeld: assign({ heldFor: null, heldKind: null }),
    retryUnreadable: assign(({ context }) => ({
      uploads: [...context.unreadable, ...context.uploads].slice(0, maxUploads),
      unreadable: [],
      heldFor: null,
      heldKind: null,
    })),
    // A kind that came is neither asked for any more nor tried again in an older file.
    keepDocument: assign(({ context }, document: VerifiedDocument) => {
      const isDone = context.asked === document.kind;
      return {
        verified: [...context.verified.filter(({ key }) => key !== document.key), document].slice(
          -maxVerified,
        ),
        wanted: context.wanted.filter((kind) => kind !== document.kind),
        unreadable: context.unreadable.filter(({ kind }) => kind !== document.kind),
        upload: null,
        ...(isDone ? { asked: null, heldFor: null, heldKind: null } : {}),
      };
    }),
    // Uploaded anew, a document lives anew: setting a timer again replaces it.
    startLifetime: enqueueActions(({ enqueue }, { kind, key }: VerifiedDocument) => {
      const id = timerOf(key);
      enqueue(cancel(id));
      enqueue(
        raise({ type: 'document.lifetimeOver', kind, key }, { id, delay: 'documentLifetime' }),
      );
    }),
    tellVerified: sendParent((_, document: VerifiedDocument): DocumentsNews => ({
      type: 'document.verified',
      ...document,
    })),
    forgetExpired: assign(({ context, event }) =>
      event.type === 'document.lifetimeOver'
        ? { verified: context.verified.filter(({ key }) => key !== event.key) }
        : {},
    ),
    tellExpired: sendParent((_, { kind, key }: Upload): DocumentsNews => ({
      type: 'document.expired',
      kind,
      key,
    })),
    // What is refused may lie in the place of a document that was good: nobody may rely on that one any more.
    withdrawRefused: enqueueActions(({ context, enqueue }) => {
      const known = context.verified.find(({ key }) => key === context.upload?.key);
      if (known === undefined) return;
      const { kind, key } = known;
      enqueue(cancel(timerOf(key)));
      enqueue.assign({ verified: context.verified.filter((document) => document !== known) });
      const news: DocumentsNews = { type: 'document.expired', kind, key };
      enqueue(sendParent(news));
    }),
    noteNotUploaded: assign(({ context }) => ({
      heldFor: 'not-uploaded' as const,
      heldKind: context.asked,
    })),
    noteLeft: assign(({ context }) => ({
      heldFor: 'not-readable' as const,
      heldKind: context.unreadable.at(-1)?.kind ?? null,
    })),
    tellParentHeld: sendParent(({ context }): DocumentsNews => ({
      type: 'documents.held',
      kind: context.heldKind ?? context.asked ?? 'passport',
      heldFor: context.heldFor ?? 'not-uploaded',
    })),
  },
  guards: {
    isNotWaiting: ({ context, event }) => {
      const kind = kindWanted(event);
      return kind !== null && kind !== context.asked && !context.wanted.includes(kind);
    },
    isFromPatient: ({ context, event }) =>
      uploadIn(context, event) !== null && context.uploads.length < maxUploads,
    hasUploads: ({ context }) => context.uploads.length > 0,
    hasUnreadable: ({ context }) => context.unreadable.length > 0,
    hasWanted: ({ context }) => context.wanted.length > 0,
    isAsking: ({ context }) => context.asked !== null,
    isOverdue: ({ context }) => context.asked !== null && context.heldFor === 'not-uploaded',
    // The asked one may be under way: then it is not missing, whatever its verification says later.
    isMissing: ({ context }) =>
      ![context.upload, ...context.uploads].some((upload) => upload?.kind === context.asked),
    hasAskedUnread: ({ context }) => context.unreadable.some(({ kind }) => kind === context.asked),
    isAsked: ({ context }) => context.upload !== null && context.upload.kind === context.asked,
    isRefused: (_, { code }: { code: string }) => Object.hasOwn(refusals, code),
    isAskedRefused: ({ context }, { code }: { code: string }) =>
      Object.hasOwn(refusals, code) && context.upload?.kind === context.asked,
  },
  delays: {
    documentReminder: 2 * day,
    documentPatience: 14 * day,
    documentLifetime: 180 * day, // As long as the store keeps it.
  },
}).createMachine({
  id: 'documents',
  version: '1',
  description: 'The documents of one case: asked for one at a time, verified, and forgotten.',
  meta: { label: 'Documents', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'idle',
  on: {
    'document.wanted': { guard: 'isNotWaiting', actions: 'queueWanted' },
    'staff.askDocument': { guard: 'isNotWaiting', actions: 'queueWanted' },
    'document.uploaded': { guard: 'isFromPatient', actions: 'queueUpload' },
    'document.lifetimeOver': {
      actions: ['forgetExpired', { type: 'tellExpired', params: expiredDocument }],
    },
  },
  states: {
    idle: {
      description: 'Nothing to ask for. What is left over from before goes first.',
      meta: { label: 'No document asked for', waitsFor: 'nobody', targetMinutes: null },
      always: [
        { guard: 'hasUploads', target: 'verifying' },
        { guard: 'hasUnreadable', target: 'held', actions: 'noteLeft' },
        { guard: 'isOverdue', target: 'held' },
        { guard: 'isAsking', target: 'requested' },
        {
          guard: 'hasWanted',
          target: 'requested',
          actions: ['takeWanted', 'sendLink'],
        },
      ],
    },
    requested: {
      description: 'The patient has a link for one document. The timers run here.',
      meta: { label: 'Document requested', waitsFor: 'patient', targetMinutes: 20160 },
      initial: 'waiting',
      after: {
        documentReminder: {
          guard: 'isMissing',
          actions: 'sendLink',
        },
        documentPatience: {
          guard: 'isMissing',
          target: 'held',
          actions: ['putBackUpload', 'noteNotUploaded'],
        },
      },
      states: {
        waiting: {
          description: 'The document has not come yet.',
          meta: { label: 'Waiting for the document', waitsFor: 'patient', targetMinutes: 20160 },
          tags: ['awaiting-patient'],
          always: { guard: 'hasUploads', target: 'verifying' },
        },
        verifying: {
          description: 'An upload is being looked into, perhaps of another kind than asked for.',
          meta: { label: 'Verifying an upload', waitsFor: 'provider', targetMinutes: 15 },
          tags: ['awaiting-provider'],
          entry: 'takeUpload',
          invoke: {
            id: 'verifyRequested',
            src: 'verifyDocument',
            input: toVerify,
            onDone: [
              {
                guard: 'isAsked',
                target: '#documents.idle',
                actions: [
                  { type: 'startLifetime', params: verifiedDocument },
                  { type: 'tellVerified', params: verifiedDocument },
                  { type: 'keepDocument', params: verifiedDocument },
                ],
              },
              {
                target: 'waiting',
                actions: [
                  { type: 'startLifetime', params: verifiedDocument },
                  { type: 'tellVerified', params: verifiedDocument },
                  { type: 'keepDocument', params: verifiedDocument },
                ],
              },
            ],
            onError: [
              {
                // From outside, so that link, reminder and patience begin anew.
                guard: { type: 'isAskedRefused', params: codeOf },
                target: '#documents.requested',
                actions: [
                  { type: 'say', params: refusal },
                  'withdrawRefused',
                  'dropUpload',
                  'sendLink',
                ],
              },
              {
                guard: { type: 'isRefused', params: codeOf },
                target: 'waiting',
                actions: [{ type: 'say', params: refusal }, 'withdrawRefused', 'dropUpload'],
              },
              {
                target: '#documents.held',
                actions: { type: 'setAsideUpload', params: codeOf },
              },
            ],
          },
        },
      },
    },
    verifying: {
      description: 'An upload that nobody waits for any more, or ever did, is being looked into.',
      meta: { label: 'Verifying an upload', waitsFor: 'provider', targetMinutes: 15 },
      tags: ['awaiting-provider'],
      entry: 'takeUpload',
      invoke: {
        id: 'verifyUnasked',
        src: 'verifyDocument',
        input: toVerify,
        onDone: {
          target: 'idle',
          actions: [
            { type: 'startLifetime', params: verifiedDocument },
            { type: 'tellVerified', params: verifiedDocument },
            { type: 'keepDocument', params: verifiedDocument },
          ],
        },
        onError: [
          {
            guard: { type: 'isAskedRefused', params: codeOf },
            target: 'requested',
            actions: [
              { type: 'say', params: refusal },
              'withdrawRefused',
              'dropUpload',
              'forgetHeld',
              'sendLink',
            ],
          },
          {
            guard: { type: 'isRefused', params: codeOf },
            target: 'idle',
            actions: [{ type: 'say', params: refusal }, 'withdrawRefused', 'dropUpload'],
          },
          { target: 'held', actions: { type: 'setAsideUpload', params: codeOf } },
        ],
      },
    },
    held: {
      description:
        'A document did not come, or cannot be looked into. Staff look; uploads are verified all the same.',
      meta: { label: 'Documents held for staff', waitsFor: 'staff', targetMinutes: 240 },
      tags: ['held'],
      entry: 'tellParentHeld',
      always: { guard: 'hasUploads', target: 'verifying' },
      on: {
        'staff.resume': [
          // It was uploaded: the patient need not do it again.
          { guard: 'hasAskedUnread', target: 'requested', actions: 'retryUnreadable' },
          {
            guard: 'isAsking',
            target: 'requested',
            actions: ['retryUnreadable', 'sendLink'],
          },
          { target: 'idle', actions: 'retryUnreadable' },
        ],
      },
    },
  },
});
