import * as v from 'valibot';

import type { AttentionNews } from '../../machines/attention-setup.ts';
import type { FailedEffect, NewPublication, Outward, OutwardOrigin } from '../kernel/ports.ts';
import type { OwnPublication } from '../ports/outbox.ts';
import type { Said } from '../shapes/events.ts';
import type { FlightOffer, FlightOffers } from '../shapes/flights.ts';
import {
  EffectFailed,
  OfferedFlight,
  errorStreamOf,
  outwardSchemas,
  outwardSources,
  priceOf,
  type OutwardData,
  type OutwardType,
} from './events.ts';
import { providerOf } from './failed-effects.ts';

/** What the journey tells the platform's other services: what its machines emit, offers that came, effects that failed. */
export const journeyOutward: Outward = {
  emitted(event, { caseId, at }) {
    if (isAttention(event)) {
      const { reason, isUrgent, unanswered, escalations, targetMinutes } = event;
      const data = {
        caseId,
        change: changes[event.type],
        reason,
        urgency: isUrgent ? ('urgent' as const) : ('normal' as const),
        unanswered,
        escalations,
        targetAt:
          targetMinutes === null ? null : new Date(at + targetMinutes * 60_000).toISOString(),
      };
      return publication('case.attention', data, true); // That somebody has an emergency is theirs.
    }
    if (isEmitted(event, 'payment.succeeded')) {
      const { bookingId, amountMinor, currency } = event;
      return publication('payment.succeeded', {
        bookingId,
        ...priceOf({ amountMinor, currency }),
      });
    }
    if (isEmitted(event, 'efatura.status.update')) {
      const { invoiceId, status } = event;
      return publication('efatura.status.update', { invoiceId, status });
    }
    return null;
  },

  done: (name, output, from) =>
    name === 'searchFlights' ? offered(output as FlightOffers, from) : null,

  failed: errorOf,
};

const changes = {
  'attention.raised': 'raised',
  'attention.escalated': 'escalated',
  'attention.taken': 'taken',
  'attention.settled': 'settled',
} as const satisfies Record<AttentionNews['type'], OutwardData<'case.attention'>['change']>;

const isAttention = (event: { readonly type: string }): event is AttentionNews =>
  Object.hasOwn(changes, event.type);

type Emitted =
  | { type: 'payment.succeeded'; bookingId: string; amountMinor: string; currency: string }
  | {
      type: 'efatura.status.update';
      invoiceId: string;
      status: OutwardData<'efatura.status.update'>['status'];
    };

function isEmitted<Type extends Emitted['type']>(
  event: { readonly type: string },
  type: Type,
): event is Extract<Emitted, { type: Type }> {
  return event.type === type;
}

/** @throws {v.ValiError} the data are not what the platform's documents say */
function publication<Type extends OutwardType>(
  type: Type,
  data: OutwardData<Type>,
  isPersonal = false,
): NewPublication {
  return {
    stream: type,
    type,
    source: outwardSources[type],
    data: v.parse(outwardSchemas[type], data),
    isPersonal,
  };
}

/** An offer with anything in it that is no code, time or number is left out. Null where none is left. */
function offered(
  { provider, offers }: FlightOffers,
  { caseId }: OutwardOrigin,
): NewPublication | null {
  const flights = offers.flatMap((offer) => {
    const parsed = v.safeParse(OfferedFlight, flightOf(provider, offer));
    return parsed.success ? [parsed.output] : [];
  });
  const [cheapest] = flights; // The port answers the cheapest first.
  if (cheapest === undefined) return null;
  return publication(
    'travel.offer.generated',
    { caseId, flights, total: cheapest.price },
    true, // When somebody travels, and where to, is theirs.
  );
}

const flightOf = (provider: string, { id, price, legs }: FlightOffer) => ({
  offerId: id,
  provider,
  price: priceOf(price),
  legs: legs.map(({ durationMinutes, segments }) => ({
    durationMinutes,
    segments: segments.map(({ carrier, flightNumber, from, to, ...times }) => ({
      carrier,
      flightNumber,
      from,
      to,
      departLocal: times.departLocal,
      arriveLocal: times.arriveLocal,
      durationMinutes: times.durationMinutes,
    })),
  })),
});

/** An entry of `<provider>.errors`. Null where no provider of the platform's is involved, or the case itself said no. */
function errorOf(failed: FailedEffect): NewPublication | null {
  const provider = providerOf(failed);
  if (provider === null || failed.code === 'not_permitted') return null;
  const { effectId, name, tenant, caseId, code, attempts, at } = failed;
  const stream = errorStreamOf(provider);
  const time = new Date(at).toISOString();
  const data = { effect: name, effectId, caseId, tenant, code, attempts, time };
  return {
    stream,
    type: stream,
    source: 'performers',
    data: v.parse(EffectFailed, data),
    isPersonal: false,
  };
}

/** Characters of a message that are published at most. */
const longestMessage = 4_096;

export interface OutwardMessages {
  /** Takes names, numbers and what else identifies somebody out of a text. */
  readonly mask: (text: string) => string;
  /** Whether a message is published masked, or only that there was one. */
  readonly message: 'masked' | 'omitted';
}

/** That a patient sent something, for the platform's other services. */
export function inboundPublication(
  { caseId, said, lang }: { caseId: string; said: Said; lang: string | null },
  { mask, message }: OutwardMessages,
): NewPublication {
  const told = message === 'masked' ? { message: maskedWords(said, mask) } : {};
  const tag = lang !== null && /^[a-z]{2,3}$/.test(lang) ? lang : null;
  return publication('whatsapp.inbound', { caseId, ...told, lang: tag }, true);
}

/** What was said, masked. What is no text is named by its kind. */
function maskedWords(said: Said, mask: (text: string) => string): string {
  if (said.kind === 'text') return masked(said.text, mask);
  // The title is one of ours, but it comes back through the patient's hands.
  if (said.kind === 'button')
    return said.title === undefined ? '[button]' : masked(said.title, mask);
  const caption = 'caption' in said ? said.caption : undefined;
  return caption === undefined ? `[${said.kind}]` : masked(`[${said.kind}] ${caption}`, mask);
}

/** Cut well behind what is published, so that no number is cut in two and then not known as one. */
const masked = (text: string, mask: (text: string) => string) =>
  mask(text.slice(0, 2 * longestMessage).toWellFormed())
    .slice(0, longestMessage)
    .toWellFormed();

/** That the catalogue was brought up to date; `id` is the sync's. Stored by `Outbox.add`, as no case causes it. */
export function syncPublication(
  { id, tenant }: { readonly id: string; readonly tenant: string },
  data: OutwardData<'ushas.sync.completed'>,
): OwnPublication {
  const { stream, type, source, data: checked } = publication('ushas.sync.completed', data);
  return { id, tenant, stream, type, source, data: checked, traceparent: null };
}
