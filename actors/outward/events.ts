import * as v from 'valibot';

import { providerNames, type ProviderName } from '../ports/providers.ts';
import { handOverReasons } from '../shapes/hand-over.ts';
import { decimalFromMoney, type Money } from '../shapes/money.ts';

/**
 * What the platform's other services read: one schema for each event, and the only definition of it. Nothing here names a
 * patient, a number or what somebody said in clear. Types, the AsyncAPI document and what is published derive from these.
 *
 * An entry has the fields `id`, `type`, `source`, `tenant`, `time`, `traceparent`, `schemaVersion` and `data`, which is
 * JSON text. `id` is the same when an entry is published again.
 */

/** Raise it when a schema below changes in a way that an older reader cannot take. */
export const OUTWARD_VERSION = 1;

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(200), v.regex(/^[\w.:@/-]+$/));
const Time = v.pipe(v.string(), v.isoTimestamp());
const Currency = v.pipe(
  v.string(),
  v.regex(/^[A-Z]{3}$/),
  v.description('ISO 4217 code, upper case.'),
);
const price = {
  amount: v.pipe(
    v.string(),
    v.regex(/^(0|[1-9]\d{0,17})(\.\d{1,4})?$/),
    v.description('Decimal with as many digits behind the point as the currency has.'),
  ),
  amountMinor: v.pipe(
    v.string(),
    v.regex(/^(0|[1-9]\d{0,17})$/),
    v.description('The same as an integer count of minor units.'),
  ),
  currency: Currency,
};
const Price = v.strictObject(price);

/** An amount as outsiders read it. */
export const priceOf = ({ amountMinor, currency }: Money) => ({
  amount: decimalFromMoney({ amountMinor, currency }),
  amountMinor,
  currency,
});

const Airport = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/), v.description('IATA code.'));
const LocalTime = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/),
  v.description('Local to the airport, without an offset.'),
);
const Minutes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** One flight offer. Nothing in it tells who travels. */
export const OfferedFlight = v.strictObject({
  offerId: v.pipe(Id, v.description('Only meaningful to the provider that made it.')),
  provider: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  price: Price,
  legs: v.pipe(
    v.array(
      v.strictObject({
        durationMinutes: Minutes,
        segments: v.pipe(
          v.array(
            v.strictObject({
              carrier: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
              flightNumber: v.pipe(v.string(), v.regex(/^[A-Z0-9 ]{1,10}$/)),
              from: Airport,
              to: Airport,
              departLocal: LocalTime,
              arriveLocal: LocalTime,
              durationMinutes: Minutes,
            }),
          ),
          v.minLength(1),
          v.maxLength(20),
        ),
      }),
    ),
    v.minLength(1),
    v.maxLength(20),
  ),
});

const WhatsappInbound = v.pipe(
  v.strictObject({
    caseId: Id,
    message: v.exactOptional(
      v.pipe(
        v.string(),
        v.maxLength(4_096),
        v.description(
          'What was said, with names, numbers and other identifying words masked; what is no text as `[image]`, `[audio]` and so on. Absent where the setting omits it.',
        ),
      ),
    ),
    lang: v.pipe(
      v.nullable(v.pipe(v.string(), v.regex(/^[a-z]{2,3}$/))),
      v.description('BCP 47 primary tag; null where the words do not tell.'),
    ),
  }),
  v.description('A patient sent a message.'),
);

const PaymentSucceeded = v.pipe(
  v.strictObject({ bookingId: Id, ...price }),
  v.description('A booking is paid as it was ordered: the payment provider itself was asked.'),
);

const EfaturaStatusUpdate = v.pipe(
  v.strictObject({
    invoiceId: Id,
    status: v.picklist(['submitted', 'accepted', 'rejected', 'archived']),
  }),
  v.description('An invoice changed its status.'),
);

const TravelOfferGenerated = v.pipe(
  v.strictObject({
    caseId: Id,
    flights: v.pipe(v.array(OfferedFlight), v.minLength(1), v.maxLength(50)),
    total: v.pipe(Price, v.description('The price of the cheapest offer.')),
  }),
  v.description('Flights were found for a case.'),
);

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const CaseAttention = v.pipe(
  v.strictObject({
    caseId: Id,
    change: v.pipe(
      v.picklist(['raised', 'escalated', 'taken', 'settled']),
      v.description(
        'Something more waits for staff; the target time passed and nobody took it; a person has it; it is done.',
      ),
    ),
    reason: v.pipe(
      v.nullable(v.picklist(handOverReasons)),
      v.description('Why staff have the case: what was given last. Null where nothing is left.'),
    ),
    urgency: v.pipe(
      v.picklist(['urgent', 'normal']),
      v.description('Of the case: `urgent` until staff have settled the emergency.'),
    ),
    unanswered: v.pipe(
      Count,
      v.description('Messages of the patient that staff have not answered.'),
    ),
    escalations: v.pipe(Count, v.description('How often the target time passed.')),
    targetAt: v.pipe(
      v.nullable(Time),
      v.description('When a person should have seen to it; null where nobody waits.'),
    ),
  }),
  v.description(
    'Staff have to see to a case, or have seen to it. An emergency is told again every five minutes until a named person takes it.',
  ),
);

const UshasSyncCompleted = v.pipe(
  v.strictObject({
    providers: v.pipe(v.array(v.strictObject({ id: Id })), v.maxLength(10_000)),
    timestamp: Time,
  }),
  v.description(
    'The catalogue of health providers was brought up to date. Published from a later release on.',
  ),
);

/** What `<provider>.errors` holds. */
export const EffectFailed = v.pipe(
  v.strictObject({
    effect: v.pipe(v.string(), v.maxLength(100), v.description('What was to be done.')),
    effectId: Id,
    caseId: Id,
    tenant: Id,
    code: v.pipe(
      v.string(),
      v.regex(/^[\w.:/ -]{1,200}$/),
      v.description('Why it failed: a stable code.'),
    ),
    attempts: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    time: Time,
  }),
  v.description('Something that a provider had to do for a case has failed for good.'),
);

/** The schema of each outward event's `data`. The stream is named like the event. */
export const outwardSchemas = {
  'whatsapp.inbound': WhatsappInbound,
  'payment.succeeded': PaymentSucceeded,
  'efatura.status.update': EfaturaStatusUpdate,
  'travel.offer.generated': TravelOfferGenerated,
  'case.attention': CaseAttention,
  'ushas.sync.completed': UshasSyncCompleted,
} as const;

export type OutwardType = keyof typeof outwardSchemas;
export type OutwardData<Type extends OutwardType> = v.InferOutput<(typeof outwardSchemas)[Type]>;

/** Who says it. */
export const outwardSources = {
  'whatsapp.inbound': 'edge',
  'payment.succeeded': 'booking',
  'efatura.status.update': 'invoice',
  'travel.offer.generated': 'journey',
  'case.attention': 'attention',
  'ushas.sync.completed': 'catalogue-sync',
} as const satisfies Record<OutwardType, string>;

export const errorStreamOf = (provider: ProviderName) => `${provider}.errors` as const;

/** Every stream that outsiders may read. */
export const outwardStreams: readonly string[] = [
  ...Object.keys(outwardSchemas),
  ...providerNames.map(errorStreamOf),
];
