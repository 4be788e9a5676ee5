import { MessageOutdated, ProviderRefused } from '../errors.ts';
import type { Performance } from '../kernel/ports.ts';
import type { MessagingPort } from '../ports/messaging.ts';
import { caseOfBooking } from '../ports/references.ts';
import type { EffectInput } from '../shapes/effects.ts';
import { templateFor, templateOf } from '../texts/templates.ts';
import { renderText, textFor } from '../texts/texts.ts';
import { languageOf } from '../texts/wordings.ts';
import type { EffectPerformers } from './performers.ts';
import type { TravellerLinks } from './traveller-links.ts';

/** What asking for travellers works with. */
export interface TravellerPorts {
  readonly messaging: Pick<MessagingPort, 'send'>;
  readonly travellerLinks: Pick<TravellerLinks, 'tokenFor'>;
  /** The address of the page where the holder of a link's token gives the travellers. */
  readonly travellersPage: (token: string) => string;
  /** Ms since 1970. */
  readonly now: () => number;
}

const dayMs = 24 * 60 * 60 * 1_000;
const linkLifetimeMs = 7 * dayMs;

/** When a day is over everywhere: a flight's day is that of its airport. */
const endOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) + 1.5 * dayMs;

/**
 * @throws {MessageOutdated} the last flight has left
 * @throws {ProviderRefused} `foreign_booking`: of another case
 */
async function sendTravellerLink(
  { travellerLinks, messaging, travellersPage, now }: TravellerPorts,
  input: EffectInput<'sendTravellerLink'>,
  performing: Performance,
): Promise<{ messageId: string }> {
  const { recipient, lang, heardAt, patient, bookingId, party, firstDay, lastDay, text } = input;
  if (caseOfBooking(bookingId) !== performing.caseId)
    throw new ProviderRefused('travellers', 'foreign_booking');
  const { tenant } = performing;
  const expiresAt = Math.min(now() + linkLifetimeMs, endOf(lastDay));
  if (expiresAt <= now()) throw new MessageOutdated();
  const token = await travellerLinks.tokenFor(
    { tenant, bookingId, ...party, firstDay, lastDay, lang: languageOf(lang) },
    expiresAt,
  );
  const values = { url: travellersPage(token) };
  const words = renderText(text, lang, values);
  const body = patient === undefined ? words : textFor(patient, words, lang);
  const plain = templateOf(text, lang, values);
  const template = patient === undefined ? plain : templateFor(patient, plain);
  const message = { kind: 'text', body } as const;
  return messaging.send({ recipient, message, template, heardAt }, performing);
}

/** Who asks patients for their travellers. */
export function travellerPerformers(ports: TravellerPorts) {
  return {
    sendTravellerLink: {
      perform: async (input, performing) => sendTravellerLink(ports, input, performing),
      resolution: 'none',
      needs: () => 'consent:service',
      failedAs: 'message.failed',
      port: 'messaging',
      inOrder: true,
      attempts: 40, // As many as any message to a patient.
      timeoutMs: 15_000,
      concurrency: 32,
    },
  } satisfies Partial<EffectPerformers>;
}
