import { createHash } from 'node:crypto';

import * as v from 'valibot';

import { attachmentsMachine } from '../../machines/attachments.ts';
import { attentionMachine } from '../../machines/attention.ts';
import { bookingMachine } from '../../machines/booking.ts';
import { caseMachine } from '../../machines/case.ts';
import { clinicMachine } from '../../machines/clinic.ts';
import { companionsMachine } from '../../machines/companions.ts';
import { consentMachine } from '../../machines/consent.ts';
import { conversationMachine } from '../../machines/conversation.ts';
import { dealMachine } from '../../machines/deal.ts';
import { documentsMachine } from '../../machines/documents.ts';
import { imagingMachine } from '../../machines/imaging.ts';
import { invoiceMachine } from '../../machines/invoice.ts';
import { journeyMachine } from '../../machines/journey.ts';
import { reviewMachine } from '../../machines/review.ts';
import { salesMachine } from '../../machines/sales.ts';
import { ticketingMachine } from '../../machines/ticketing.ts';
import { MediaRefused, MessageOutdated, ProviderBusy, ProviderRefused } from '../errors.ts';
import type { Performance } from '../kernel/ports.ts';
import type { HostedMachine } from '../kernel/registry.ts';
import { caseFrom3 } from '../migrations/case-3.ts';
import { caseFrom4 } from '../migrations/case-4.ts';
import { caseFrom5 } from '../migrations/case-5.ts';
import { consentFrom1 } from '../migrations/consent-1.ts';
import { conversationFrom1 } from '../migrations/conversation-1.ts';
import { journeyFrom1 } from '../migrations/journey-1.ts';
import type { ConsentRegister } from '../ports/consents.ts';
import type { CaseStanding, WaitingView } from '../ports/desk.ts';
import type { DocumentsPort } from '../ports/documents.ts';
import type { FlightsPort } from '../ports/flights.ts';
import type { MediaPort } from '../ports/media.ts';
import type { MessagingPort, OutboundMessage } from '../ports/messaging.ts';
import type { UnderstandingPort } from '../ports/understanding.ts';
import { taggedButton } from '../routing.ts';
import type { StoredDocument } from '../shapes/documents.ts';
import type { EffectInput } from '../shapes/effects.ts';
import { MessageToPatient, type ConsentAnswer, type FileToPatient } from '../shapes/messages.ts';
import { attentionTags } from '../staff/attention-view.ts';
import { waitingOf } from '../staff/waiting-view.ts';
import { offerRow } from '../texts/flights.ts';
import { shortened } from '../texts/formats.ts';
import { templateFor, templateOf, type StandIn } from '../texts/templates.ts';
import {
  buttonTitle,
  listButton,
  noneRow,
  patientName,
  placeRow,
  renderText,
  textFor,
} from '../texts/texts.ts';
import { clinicPerformers, type ClinicPorts } from './clinic.ts';
import { companionPerformers, type CompanionPorts } from './companions.ts';
import { flightOrderPerformers, type FlightOrderPorts } from './flight-orders.ts';
import { moneyPerformers, type MoneyPorts } from './money.ts';
import { checkingInputs, withoutDoubt, type EffectPerformers } from './performers.ts';
import { travellerPerformers, type TravellerPorts } from './travellers.ts';

/** The journey's machines by the name they are hosted under, children in place. */
export const journeyMachines = {
  case: {
    machine: caseMachine.provide({
      actors: {
        conversation: conversationMachine,
        consent: consentMachine,
        journey: journeyMachine,
        attachments: attachmentsMachine,
        attention: attentionMachine,
        companions: companionsMachine,
        review: reviewMachine.provide({ actors: { imaging: imagingMachine } }),
        clinic: clinicMachine.provide({ actors: { deal: dealMachine } }),
        documents: documentsMachine,
        sales: salesMachine.provide({
          actors: {
            booking: bookingMachine,
            invoice: invoiceMachine,
            ticketing: ticketingMachine,
          },
        }),
      },
    }),
    migrations: {
      '3': (rest) => caseFrom5(caseFrom4(caseFrom3(rest))),
      '4': (rest) => caseFrom5(caseFrom4(rest)),
      '5': caseFrom5,
      '6': 'compatible',
      '7': 'compatible',
    },
    tagsOf: attentionTags,
    children: {
      attachments: { '1': 'compatible' },
      conversation: { '1': conversationFrom1, '2': 'compatible', '3': 'compatible' },
      consent: { '1': consentFrom1 },
      journey: { '1': journeyFrom1, '2': 'compatible', '3': 'compatible' },
      sales: { '1': 'compatible', '2': 'compatible', '3': 'compatible' },
      'sales/booking': { '3': 'compatible', '4': 'compatible', '5': 'compatible' },
    },
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

export interface JourneyPorts
  extends ClinicPorts, CompanionPorts, FlightOrderPorts, MoneyPorts, TravellerPorts {
  readonly messaging: MessagingPort;
  readonly flights: FlightsPort;
  readonly understanding: UnderstandingPort;
  readonly media: MediaPort;
  /** Where documents are kept: `store`, as far as the conversation needs it. */
  readonly documents: DocumentsPort;
  readonly consents: ConsentRegister;
}

/** Three buttons at most; more choices become a list. */
const mostButtons = 3;

/** What a message says, with what goes before it in a paragraph of its own. */
function bodyOf({ before, text, lang, values }: Omit<MessageToPatient, 'recipient'>): string {
  const words = renderText(text, lang, values);
  return before === undefined ? words : `${renderText(before, lang, {})}\n\n${words}`;
}

function outbound(message: MessageToPatient): OutboundMessage {
  const { lang, values, choices } = message;
  const body = bodyOf(message);
  if (choices === undefined) return { kind: 'text', body };
  if (choices.some((id) => id.startsWith('case:'))) return named(body, choices, values, lang);
  const { offers, places } = values;
  if (typeof places === 'object' && 'places' in places) {
    // Two of one name are told apart by their description, which buttons have none of.
    const rows = places.places.map((choice) => placeRow(choice, lang));
    const listed = choices.flatMap((id, index) => {
      const row = rows[index];
      return row ? [{ id, ...row }] : [];
    });
    return { kind: 'list', body, button: listButton(lang), rows: listed };
  }
  const titled = choices.map((id) => ({ id, title: buttonTitle(id, lang) }));
  if (choices.length <= mostButtons) return { kind: 'buttons', body, buttons: titled };
  if (!Array.isArray(offers)) return { kind: 'list', body, button: listButton(lang), rows: titled };
  const rows = choices.map((id, index) => {
    const offer = offers[index];
    return { id, ...(offer === undefined ? noneRow(lang) : offerRow(offer, index, lang)) };
  });
  return { kind: 'list', body, button: listButton(lang), rows };
}

/** A message for one of several patients on a phone: it says for whom, and its buttons say from whose case they are. */
function forPatient(
  { patient, lang }: MessageToPatient,
  message: OutboundMessage,
  { caseId }: Performance,
): OutboundMessage {
  if (patient === undefined || message.kind === 'media') return message;
  const tagged = <One extends { readonly id: string }>(choices: readonly One[]): One[] =>
    choices.map((one) => ({ ...one, id: taggedButton(one.id, caseId) }));
  const choices =
    message.kind === 'buttons' ? message.buttons : message.kind === 'list' ? message.rows : [];
  // Whoever is asked whom it is about hears no name in front.
  const asksWhom = choices.some(({ id }) => id.startsWith('case:'));
  const body = asksWhom ? message.body : textFor(patient, message.body, lang);
  if (message.kind === 'buttons') return { ...message, body, buttons: tagged(message.buttons) };
  if (message.kind === 'list') return { ...message, body, rows: tagged(message.rows) };
  return { ...message, body };
}

/** Of several patients on a phone, whoever was asked last is who answers. */
const isQuestionOfSeveral = ({ patient, asks, choices }: MessageToPatient): boolean =>
  patient !== undefined && (asks !== undefined || choices !== undefined);

/** A template as it is sent: for one of several patients on a phone with their name, and with buttons that say whose they are. */
function ownTemplate(
  { patient }: Pick<MessageToPatient, 'patient'>,
  template: StandIn,
  { caseId }: Performance,
): StandIn {
  if (patient === undefined) return template;
  const named = templateFor(patient, template);
  const buttons = template.buttons?.map((id) => taggedButton(id, caseId));
  return buttons === undefined ? named : { ...named, buttons };
}

/** Before it is sent: an answer to what is not noted would go astray, and so far nothing was said. */
async function noteQuestion(
  companions: JourneyPorts['companions'],
  { caseId }: Performance,
): Promise<void> {
  try {
    await companions.asked(caseId);
  } catch (cause) {
    throw new ProviderBusy('directory', 'not_noted', undefined, { cause });
  }
}

/** Whom a message is for: the patients' names, as they gave them. */
function named(
  body: string,
  choices: readonly string[],
  values: MessageToPatient['values'],
  lang: string,
): OutboundMessage {
  const buttons = choices.map((id) => {
    const name = values[id];
    return { id, title: patientName(typeof name === 'string' ? name : '', lang) };
  });
  if (buttons.length > mostButtons)
    return { kind: 'list', body, button: listButton(lang), rows: buttons.map(short(24)) };
  return { kind: 'buttons', body, buttons: buttons.map(short(20)) };
}

const short =
  (limit: number) =>
  ({ id, title }: { readonly id: string; readonly title: string }) => ({
    id,
    title: shortened(title, limit),
  });

/** What a message to the patient says, for those who may read it. */
export function wordsOf(input: unknown): string {
  const parsed = v.safeParse(MessageToPatient, input);
  if (!parsed.success) return '';
  const { lang, patient } = parsed.output;
  const words = bodyOf(parsed.output);
  return patient === undefined ? words : textFor(patient, words, lang);
}

/** How a message is said again. */
const repeatableOf = ({
  text,
  values,
  choices,
  until,
  purpose,
}: Omit<MessageToPatient, 'asks'>): Pick<
  MessageToPatient,
  'text' | 'values' | 'choices' | 'until' | 'purpose'
> => ({
  text,
  values,
  ...(choices && { choices }),
  ...(until === undefined ? {} : { until }),
  purpose,
});

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
  { kind, mediaId, sha256 }: EffectInput<'fetchMedia'>,
  performing: Performance,
): Promise<StoredDocument> {
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
  { recipient, lang, document: name, heardAt, patient }: FileToPatient,
  performing: Performance,
): Promise<{ messageId: string }> {
  const { tenant, caseId, signal } = performing;
  const stored = await documents.get({ tenant, caseId, name }, signal);
  if (!stored) throw new ProviderRefused('documents', 'no_such_document');
  const media = sentAs[stored.contentType];
  if (!media) throw new ProviderRefused('documents', 'not_sendable');
  // Nothing was said yet.
  const { mediaId } = await withoutDoubt(
    messaging.upload({ ...stored, filename: name }, performing),
  );
  const filename = media === 'document' ? { filename: name } : {};
  const reopening = templateOf('conversation.reopen', lang, {});
  const template =
    patient === undefined ? reopening : ownTemplate({ patient }, reopening, performing);
  const caption =
    patient === undefined || media === 'audio' ? {} : { caption: patientName(patient, lang) };
  const message = { kind: 'media', media, mediaId, ...filename, ...caption } as const;
  return messaging.send({ recipient, message, template, heardAt }, performing);
}

async function recordAnswer(
  consents: ConsentRegister,
  { tenant, tenantName, caseId, messageId, at, patient, records }: ConsentAnswer,
  { effectId }: Performance,
): Promise<void> {
  for (const { purpose, status, text, lang } of records) {
    const asked = renderText(text, lang, { tenant: tenantName });
    const words = patient === undefined ? asked : textFor(patient, asked, lang);
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
  const { companions, messaging, flights, understanding, consents } = ports;
  return checkingInputs({
    ...clinicPerformers(ports),
    ...companionPerformers(ports),
    ...flightOrderPerformers(ports),
    ...moneyPerformers(ports),
    ...travellerPerformers(ports),
    sendMessage: {
      perform: async (input, performing) => {
        const { recipient, heardAt, text, lang, values, choices, until } = input;
        if (until !== undefined && Date.parse(until) <= ports.now()) throw new MessageOutdated();
        if (isQuestionOfSeveral(input)) await noteQuestion(companions, performing);
        const template = ownTemplate(input, templateOf(text, lang, values, choices), performing);
        const message = forPatient(input, outbound(input), performing);
        const { isTemplate = false, ...sent } = await messaging.send(
          { recipient, message, template, heardAt },
          performing,
        );
        const isReplaced = isTemplate && template.isReopening && text !== 'conversation.reopen';
        return { ...sent, ...(isReplaced ? { isReplaced } : {}) };
      },
      resolution: 'none',
      needs: ({ purpose }) => tagOf(purpose),
      failedAs: 'message.failed',
      doneAs: {
        type: 'message.sent',
        tell: ({ asks = null, ...say }, { messageId, at = null, isReplaced = false }) => {
          if (!isReplaced) return asks === null ? null : { messageId, asks, at };
          return { messageId, asks, at, again: repeatableOf(say) };
        },
      },
      doubtedAs: {
        type: 'message.doubted',
        tell: ({ asks = null, ...say }) => ({
          asks,
          again: say.text === 'conversation.doubt' ? null : repeatableOf(say),
        }),
      },
      port: 'messaging',
      inOrder: true, // What a patient reads first was said first.
      attempts: 40, // Over two hours. Only what was certainly not sent is tried again, and providers are down for longer than minutes.
      timeoutMs: 15_000,
      concurrency: messagesAtOnce,
    },
    sendFile: {
      perform: async (input, performing) => sendFile(ports, input, performing),
      resolution: 'none',
      needs: ({ purpose }) => tagOf(purpose),
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
      perform: async (input, { signal }) => understanding.understand(input, signal),
      resolution: 'key', // Reading only.
      needs: ({ mayLeave }) => (mayLeave ? tagOf('transfer-abroad') : null),
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
      perform: async (input, performing) => flights.search(input, performing),
      resolution: 'key', // Reading only: searching again does no harm.
      needs: () => tagOf('service'),
      port: 'flights',
      attempts: 40, // Over two hours: a provider that was down is asked again by itself, and the patient knows.
      timeoutMs: 60_000,
    },
  } satisfies EffectPerformers);
}
