import { createHash } from 'node:crypto';

import * as v from 'valibot';

import { bookingMachine } from '../../machines/booking.ts';
import { caseMachine } from '../../machines/case.ts';
import { dealMachine } from '../../machines/deal.ts';
import { documentsMachine } from '../../machines/documents.ts';
import { imagingMachine } from '../../machines/imaging.ts';
import { invoiceMachine } from '../../machines/invoice.ts';
import { MediaRefused, ProviderBusy, ProviderRefused, ProviderUnreachable } from '../errors.ts';
import type { Performance, Performer } from '../kernel/ports.ts';
import type { HostedMachine } from '../kernel/registry.ts';
import { caseFrom3 } from '../migrations/case-3.ts';
import { caseFrom4 } from '../migrations/case-4.ts';
import { consentPurposes, type ConsentRegister } from '../ports/consents.ts';
import type { CaseStanding, WaitingView } from '../ports/desk.ts';
import type { DocumentsPort, StoredDocument } from '../ports/documents.ts';
import type { FlightQuery, FlightsPort } from '../ports/flights.ts';
import type { MediaPort } from '../ports/media.ts';
import type { MessagingPort, OutboundMessage, Upload } from '../ports/messaging.ts';
import type { UnderstandingPort, Utterance } from '../ports/understanding.ts';
import { waitingOf } from '../staff/waiting-view.ts';
import {
  buttonTitle,
  isTextKey,
  listButton,
  noneRow,
  offerRow,
  renderText,
  templateOf,
  type TextKey,
} from '../texts/texts.ts';
import { clinicPerformers, type ClinicPorts } from './clinic.ts';
import { moneyPerformers, type MoneyPorts } from './money.ts';

/** The journey's machines by the name they are hosted under, children in place. */
export const journeyMachines = {
  case: {
    machine: caseMachine.provide({
      actors: {
        booking: bookingMachine,
        invoice: invoiceMachine,
        imaging: imagingMachine,
        documents: documentsMachine,
        deal: dealMachine,
      },
    }),
    migrations: { '3': (rest) => caseFrom4(caseFrom3(rest)), '4': caseFrom4 },
  },
} as const satisfies Record<string, HostedMachine>;

/** Why a case of the journey waits; nothing for a machine that is no longer hosted. */
export function journeyWaitingOf(
  envelope: string,
  standing: CaseStanding,
  now: number,
): WaitingView[] {
  const hosted = Object.entries(journeyMachines).find(([name]) => name === standing.machine);
  return hosted ? waitingOf(hosted[1].machine, envelope, standing, now) : [];
}

export interface JourneyPorts extends ClinicPorts, MoneyPorts {
  readonly messaging: MessagingPort;
  readonly flights: FlightsPort;
  readonly understanding: UnderstandingPort;
  readonly media: MediaPort;
  /** Where documents are kept: `store`, as far as the conversation needs it. */
  readonly documents: DocumentsPort;
  readonly consents: ConsentRegister;
}

const Text = v.pipe(v.string(), v.maxLength(5_000));
const Airport = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));
const Day = v.pipe(v.string(), v.isoDate());
const Time = v.pipe(v.string(), v.isoTimestamp());
const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const Money = v.strictObject({
  amountMinor: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
  currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
});

const OfferLine = v.object({
  price: Money,
  flight: Text,
  from: Text,
  to: Text,
  departLocal: Text,
  arriveLocal: Text,
  stops: v.number(),
});

const Recipient = v.pipe(
  v.strictObject({ phone: v.exactOptional(Text), userId: v.exactOptional(Text) }),
  v.check(({ phone, userId }) => phone !== undefined || userId !== undefined, 'Nobody to write to'),
);

const Key = v.custom<TextKey>((key) => typeof key === 'string' && isTextKey(key), 'No such text');
const Choices = v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(10));

/** The parameters of the machines' `sendMessage`. `purpose` is the consent it needs when it starts; `notice` needs none. */
export const MessageToPatient = v.strictObject({
  recipient: Recipient,
  lang: v.string(),
  text: Key,
  values: v.record(v.string(), v.union([Text, v.number(), Money, v.array(OfferLine)])),
  choices: v.exactOptional(Choices),
  heardAt: v.nullable(Time),
  purpose: v.picklist([...consentPurposes, 'notice']),
});
type MessageToPatient = v.InferOutput<typeof MessageToPatient>;

/** The parameters of the machine's `sendFile`. */
const FileToPatient = v.strictObject({
  recipient: Recipient,
  lang: v.string(),
  document: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,149}$/)),
  heardAt: v.nullable(Time),
  purpose: v.literal('health-data'),
});

const ConsentAnswer = v.strictObject({
  tenant: Id,
  tenantName: Text,
  caseId: Id,
  messageId: Id,
  at: Time,
  records: v.pipe(
    v.array(
      v.strictObject({
        purpose: v.picklist(consentPurposes),
        status: v.picklist(['given', 'refused', 'withdrawn']),
        text: Key,
        lang: v.string(),
      }),
    ),
    v.maxLength(consentPurposes.length),
  ),
});

const ToUnderstand = v.strictObject({
  text: Text,
  lang: v.string(),
  asked: v.nullable(
    v.picklist(['consent', 'procedure', 'origin', 'departDate', 'adults', 'offer']),
  ),
  at: Time,
  destination: Airport,
  mayLeave: v.boolean(),
}) satisfies v.GenericSchema<unknown, Utterance>;

const ToFetch = v.strictObject({
  kind: v.picklist(['image', 'document', 'audio', 'video']),
  mediaId: Id,
  sha256: v.nullable(Text),
  at: Time,
});

const Query = v.strictObject({
  origin: Airport,
  destination: Airport,
  departDate: Day,
  returnDate: v.exactOptional(Day),
  adults: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9)),
  childrenAges: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(17))),
  currency: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
}) satisfies v.GenericSchema<unknown, FlightQuery>;

/** Three buttons at most; more choices become a list. */
const mostButtons = 3;

function outbound({ text, lang, values, choices }: MessageToPatient): OutboundMessage {
  const body = renderText(text, lang, values);
  if (choices === undefined) return { kind: 'text', body };
  const { offers } = values;
  if (choices.length <= mostButtons || !Array.isArray(offers)) {
    const buttons = choices.map((id) => ({ id, title: buttonTitle(id, lang) }));
    return { kind: 'buttons', body, buttons };
  }
  const rows = choices.map((id, index) => {
    const offer = offers[index];
    return { id, ...(offer === undefined ? noneRow(lang) : offerRow(offer, index, lang)) };
  });
  return { kind: 'list', body, button: listButton(lang), rows };
}

/** What a message to the patient says, for those who may read it. */
export function wordsOf(input: unknown): string {
  const parsed = v.safeParse(MessageToPatient, input);
  return parsed.success
    ? renderText(parsed.output.text, parsed.output.lang, parsed.output.values)
    : '';
}

const tagOf = (purpose: string): string | null =>
  purpose === 'notice' ? null : `consent:${purpose}`;

/** What a store's file name ends in, by the type that was found in the file. */
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/amr': 'amr',
  'audio/mp4': 'm4a',
  'video/mp4': 'mp4',
  'video/3gpp': '3gp',
};

async function keepFile(
  { media, virusScan, documents }: Pick<JourneyPorts, 'media' | 'virusScan' | 'documents'>,
  input: unknown,
  performing: Performance,
): Promise<StoredDocument> {
  const { kind, mediaId, sha256 } = v.parse(ToFetch, input);
  const { bytes, contentType } = await media.fetch({ kind, mediaId, sha256 }, performing);
  const { found } = await virusScan.scan(bytes, performing.signal);
  if (found !== null) throw new MediaRefused('unsafe');
  const { tenant, caseId, effectId, signal } = performing;
  // Named for the effect: a second try writes the same document, and the name says nothing of the patient.
  const name = `${effectId.slice(caseId.length + 1)}.${extensions[contentType] ?? 'bin'}`;
  return documents.put({ tenant, caseId, name, bytes, contentType }, signal);
}

/** What a stored type is sent as. */
const sentAs: Readonly<Record<string, 'image' | 'document' | 'audio' | 'video'>> = {
  'image/jpeg': 'image',
  'image/png': 'image',
  'application/pdf': 'document',
  'audio/ogg': 'audio',
  'audio/mpeg': 'audio',
  'audio/aac': 'audio',
  'audio/amr': 'audio',
  'audio/mp4': 'audio',
  'video/mp4': 'video',
  'video/3gpp': 'video',
};

async function sendFile(
  { messaging, documents }: Pick<JourneyPorts, 'messaging' | 'documents'>,
  input: unknown,
  performing: Performance,
): Promise<{ messageId: string }> {
  const { recipient, lang, document: name, heardAt } = v.parse(FileToPatient, input);
  const { tenant, caseId, signal } = performing;
  const stored = await documents.get({ tenant, caseId, name }, signal);
  if (!stored) throw new ProviderRefused('documents', 'no_such_document');
  const media = sentAs[stored.contentType];
  if (!media) throw new ProviderRefused('documents', 'not_sendable');
  const { mediaId } = await uploaded(messaging, { ...stored, filename: name }, performing);
  const filename = media === 'document' ? { filename: name } : {};
  const template = templateOf('conversation.reopen', lang, {});
  const message = { kind: 'media', media, mediaId, ...filename } as const;
  return messaging.send({ recipient, message, template, heardAt }, performing);
}

/** A doubt about the upload is no doubt about the message: nothing was said yet, so the whole may be tried again. */
async function uploaded(messaging: MessagingPort, file: Upload, performing: Performance) {
  try {
    return await messaging.upload(file, performing);
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    throw new ProviderBusy(error.provider, error.reason, undefined, { cause: error });
  }
}

async function recordAnswer(
  consents: ConsentRegister,
  input: unknown,
  { effectId }: Performance,
): Promise<void> {
  const { tenant, tenantName, caseId, messageId, at, records } = v.parse(ConsentAnswer, input);
  for (const { purpose, status, text, lang } of records) {
    const words = renderText(text, lang, { tenant: tenantName });
    const textHash = createHash('sha256').update(words).digest('hex');
    const record = { tenant, caseId, purpose, status, text, lang, textHash, messageId, at };
    await consents.record(`${effectId}.${purpose}`, record);
  }
}

/**
 * As many as the adapter sends at once. One that waited its turn there would have started already, and be sent although
 * its consent was withdrawn meanwhile.
 */
const messagesAtOnce = 32;

/** Who performs what the journey's machines ask for, by the name they ask for it. Every input is parsed first. */
export function journeyPerformers(ports: JourneyPorts) {
  const { messaging, flights, understanding, consents } = ports;
  return {
    ...clinicPerformers(ports),
    ...moneyPerformers(ports),
    sendMessage: {
      perform: async (input, performing) => {
        const parsed = v.parse(MessageToPatient, input);
        const { recipient, heardAt, text, lang, values } = parsed;
        const template = templateOf(text, lang, values);
        return messaging.send(
          { recipient, message: outbound(parsed), template, heardAt },
          performing,
        );
      },
      resolution: 'none',
      needs: (input) => tagOf((input as MessageToPatient).purpose),
      failedAs: 'message.failed',
      port: 'messaging',
      inOrder: true, // What a patient reads first was said first.
      attempts: 40, // Over two hours. Only what was certainly not sent is tried again, and providers are down for longer than minutes.
      timeoutMs: 30_000,
      concurrency: messagesAtOnce,
    },
    sendFile: {
      perform: async (input, performing) => sendFile(ports, input, performing),
      resolution: 'none',
      needs: (input) => tagOf((input as { purpose: string }).purpose),
      failedAs: 'message.failed',
      port: 'files', // Not with the messages: each holds a whole file in memory.
      inOrder: true,
      attempts: 40,
      timeoutMs: 90_000,
      concurrency: 4,
    },
    recordConsent: {
      perform: async (input, performing) => recordAnswer(consents, input, performing),
      resolution: 'key',
      port: 'consents',
      attempts: 1_000, // Some days. What was agreed to, and what withdrawn, has to be provable.
    },
    understand: {
      perform: async (input, { signal }) =>
        understanding.understand(v.parse(ToUnderstand, input), signal),
      resolution: 'key', // Reading only.
      needs: (input) => ((input as Utterance).mayLeave ? tagOf('transfer-abroad') : null),
      port: 'understanding',
      timeoutMs: 20_000,
    },
    fetchMedia: {
      perform: async (input, performing) => keepFile(ports, input, performing),
      resolution: 'key',
      needs: () => tagOf('health-data'),
      port: 'media',
      timeoutMs: 60_000,
      concurrency: 4, // Each holds a whole file in memory.
    },
    searchFlights: {
      perform: async (input, performing) => flights.search(v.parse(Query, input), performing),
      resolution: 'key', // Reading only: searching again does no harm.
      needs: () => tagOf('service'),
      port: 'flights',
      timeoutMs: 60_000,
    },
  } as const satisfies Record<string, Performer>;
}
