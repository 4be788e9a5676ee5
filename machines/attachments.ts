import { assign, sendParent, setup, type DoneActorEvent, type ErrorActorEvent } from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import { saidIn } from './answers.ts';
import type { Attachment, StoredDocument } from './case-types.ts';
import type { Changed, FamilyEventOf, Inbound, Say } from './family-types.ts';
import type { StateMeta } from './money-types.ts';

/** What starts the attachments of a case. */
export interface AttachmentsInput {
  /** When the patient last said stop. What was sent until then is not kept. */
  readonly withdrawnAt: string | null;
}

/** What the patient said to a consent. */
type Answer = 'unasked' | FamilyEventOf<'consent.changed'>['status'];

/** What the attachments of a case remember. */
export interface AttachmentsContext extends AttachmentsInput {
  readonly service: Answer;
  readonly healthData: Answer;
  /** What waits to be fetched, oldest first. */
  readonly attachments: readonly WaitingFile[];
}

/** A file and the message that it came in; files of before have none. */
type WaitingFile = Attachment & { readonly messageId?: string };

type AttachmentsEvent = Inbound | Changed | FamilyEventOf<'consent.changed'>;

interface Seen {
  readonly context: AttachmentsContext;
}

interface Heard extends Seen {
  readonly event: AttachmentsEvent;
}

const maxAttachments = 10;

/** What the patient is told to stay under; the adapter holds the limits. */
const megabytes = { image: 5, document: 20, audio: 16, video: 16 } as const;

/** What a patient can do something about, and how we say it. */
const refusals: Readonly<Record<string, Say['text']>> = {
  media_too_large: 'media.tooLarge',
  media_wrong_type: 'media.wrongType',
  media_damaged: 'media.damaged',
  media_unsafe: 'media.unsafe',
  media_gone: 'media.gone',
};

const initialContext = ({ input }: { input: AttachmentsInput }): AttachmentsContext => ({
  withdrawnAt: input.withdrawnAt,
  service: 'unasked',
  healthData: 'unasked',
  attachments: [],
});

/** The file in a message; null if there is none, or if it was sent before the patient withdrew. */
const fileIn = ({ context, event }: Heard): WaitingFile | null => {
  if (event.type !== 'whatsapp.inbound') return null;
  const message = saidIn(event);
  if (message === null) return null;
  const { at, messageId } = event;
  if (!('mediaId' in message) || message.kind === 'sticker') return null;
  const isOld = context.withdrawnAt !== null && Date.parse(at) < Date.parse(context.withdrawnAt);
  if (isOld) return null;
  const { kind, mediaId, sha256 } = message;
  return { kind, mediaId, sha256, at, messageId };
};

const next = ({ context }: Seen): Attachment => {
  const [first] = context.attachments;
  if (first === undefined) throw new Error('There is nothing to fetch');
  const { kind, mediaId, sha256, at } = first;
  return { kind, mediaId, sha256, at };
};

/** Those of the files that the patient did not take back. */
const kept = (files: readonly WaitingFile[], event: AttachmentsEvent): readonly WaitingFile[] =>
  event.type === 'whatsapp.revoked' && event.originalMessageId !== null
    ? files.filter(({ messageId }) => messageId !== event.originalMessageId)
    : files;

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

/** The code of what an effect failed with, as the host tells it. */
const codeOf = ({ event }: { event: ErrorActorEvent }): { code: string } => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return { code: typeof code === 'string' ? code : 'failed' };
};

const received = (): Say => ({ type: 'say', text: 'media.received' });
const notKept = (): Say => ({ type: 'say', text: 'media.refused' });
const refusal = ({ context, event }: Seen & { event: ErrorActorEvent }): Say => ({
  type: 'say',
  text: refusals[codeOf({ event }).code] ?? 'media.failed',
  values: { limit: megabytes[context.attachments[0]?.kind ?? 'image'] },
});

/**
 * The files that a patient sends in the chat: fetched, checked, scanned and stored one after the other, with their consent
 * to health data. They wait until that is given, and are forgotten if it is refused.
 */
export const attachmentsMachine = setup({
  types: {} as {
    context: AttachmentsContext;
    events: AttachmentsEvent;
    input: AttachmentsInput;
    meta: StateMeta;
  },
  actors: {
    fetchMedia: {} as Effect<'fetchMedia'>,
  },
  actions: {
    setConsent: assign(({ event }) => {
      if (event.type !== 'consent.changed') return {};
      if (event.purpose === 'service') return { service: event.status };
      return event.purpose === 'health-data' ? { healthData: event.status } : {};
    }),
    addAttachment: assign(({ context, event }) => {
      const file = fileIn({ context, event });
      return file === null ? {} : { attachments: [...context.attachments, file] };
    }),
    dropAttachment: assign(({ context }) => ({ attachments: context.attachments.slice(1) })),
    dropAttachments: assign({ attachments: [] }),
    dropRevoked: assign(({ context, event }) => ({
      attachments: kept(context.attachments, event),
    })),
    /** What is being fetched stays, as it would a moment later: staff see that its message was taken back. */
    dropRevokedRest: assign(({ context: { attachments }, event }) => ({
      attachments: [...attachments.slice(0, 1), ...kept(attachments.slice(1), event)],
    })),
    needConsent: sendParent({ type: 'consent.needed', purpose: 'health-data' }),
    tellKept: sendParent(
      (_, { key, size, checksum, contentType }: StoredDocument): FamilyEventOf<'file.kept'> => ({
        type: 'file.kept',
        document: { key, size, checksum, contentType },
      }),
    ),
    say: sendParent((_, what: Say) => what),
    handOver: sendParent((_, { reason }: Pick<FamilyEventOf<'handOver'>, 'reason'>) => ({
      type: 'handOver',
      reason,
    })),
  },
  guards: {
    isFile: ({ context, event }) =>
      fileIn({ context, event }) !== null && context.attachments.length < maxAttachments,
    isOneFileTooMany: ({ context, event }) =>
      fileIn({ context, event }) !== null && context.attachments.length >= maxAttachments,
    hasNoAttachment: ({ context }) => context.attachments.length === 0,
    mayKeepFiles: ({ context }) => context.service === 'given' && context.healthData === 'given',
    mayNotKeepFiles: ({ context }) => context.healthData === 'refused',
    isLastFile: ({ context }) => context.attachments.length === 1,
    isSpoken: ({ context }) => ['audio', 'video'].includes(context.attachments[0]?.kind ?? ''),
    isNotPermitted: (_, { code }: { code: string }) => code === 'not_permitted',
    isPatientsToMend: (_, { code }: { code: string }) => code.startsWith('media_'),
  },
}).createMachine({
  id: 'attachments',
  version: '2',
  description: 'Files from the chat: fetched and kept, with the consent to health data.',
  meta: { label: 'Files', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'none',
  on: {
    'consent.changed': { actions: 'setConsent' },
    'whatsapp.inbound': [
      { guard: 'isFile', actions: 'addAttachment' },
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
          actions: ['addAttachment', 'needConsent'],
        },
      },
    },
    deciding: {
      description: 'May the next file be kept? It waits until the patient has said so.',
      meta: { label: 'File waits for consent', waitsFor: 'patient', targetMinutes: 1440 },
      on: { 'whatsapp.revoked': { actions: 'dropRevoked' } },
      always: [
        { guard: 'hasNoAttachment', target: 'none' },
        { guard: 'mayKeepFiles', target: 'fetching' },
        {
          guard: 'mayNotKeepFiles',
          target: 'none',
          actions: ['dropAttachments', { type: 'say', params: notKept }],
        },
      ],
    },
    fetching: {
      description: 'The file is fetched, checked, scanned and stored.',
      meta: { label: 'Fetching a file', waitsFor: 'provider', targetMinutes: 10 },
      on: { 'whatsapp.revoked': { actions: 'dropRevokedRest' } },
      always: {
        guard: 'mayNotKeepFiles',
        target: 'none',
        actions: ['dropAttachments', { type: 'say', params: notKept }],
      },
      invoke: {
        id: 'fetchMedia',
        src: 'fetchMedia',
        input: next,
        onDone: [
          {
            guard: 'isSpoken',
            target: 'deciding',
            actions: [
              { type: 'tellKept', params: outputOf },
              'dropAttachment',
              { type: 'handOver', params: { reason: 'voice-or-video' } },
            ],
          },
          {
            guard: 'isLastFile',
            target: 'deciding',
            actions: [
              { type: 'tellKept', params: outputOf },
              'dropAttachment',
              { type: 'say', params: received },
            ],
          },
          {
            target: 'deciding',
            actions: [{ type: 'tellKept', params: outputOf }, 'dropAttachment'],
          },
        ],
        onError: [
          { guard: { type: 'isNotPermitted', params: codeOf }, target: 'deciding' },
          {
            guard: { type: 'isPatientsToMend', params: codeOf },
            target: 'deciding',
            actions: [{ type: 'say', params: refusal }, 'dropAttachment'],
          },
          {
            target: 'deciding',
            actions: [
              { type: 'say', params: refusal },
              'dropAttachment',
              { type: 'handOver', params: { reason: 'file-not-readable' } },
            ],
          },
        ],
      },
    },
  },
});
