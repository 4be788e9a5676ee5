import type { DoneActorEvent } from 'xstate';

import type {
  CaseContext,
  CaseInput,
  CaseOutput,
  Consent,
  ConsentAnswer,
  ConsentPurpose,
} from './case-types.ts';
import type { CompanionsInput } from './companions-types.ts';
import { consentTexts } from './consent.ts';
import type { ConversationInput } from './conversation-types.ts';
import type { ConsentRecorded } from './family-types.ts';
import type { JourneyInput } from './journey-types.ts';
import type { Recipient } from './money-types.ts';

// What the case gives to its actors, and what it tells the register of consents.

interface Seen {
  readonly context: CaseContext;
}

const recipientOf = ({ phone, userId }: CaseInput['contact']): Recipient => ({
  ...(phone === null ? {} : { phone }),
  ...(userId === null ? {} : { userId }),
});

export const initialContext = ({ input }: { input: CaseInput }): CaseContext => {
  const unasked: Consent = { status: 'unasked', lang: input.lang, at: null };
  return {
    tenant: input.tenant,
    tenantName: input.tenantName ?? input.tenant,
    caseId: input.caseId,
    destination: input.destination ?? 'IST',
    currency: input.currency ?? 'EUR',
    isInvoicing: input.isInvoicing ?? true,
    recipient: recipientOf(input.contact),
    lang: input.lang,
    consents: {
      service: unasked,
      'health-data': unasked,
      'transfer-abroad': unasked,
      marketing: unasked,
    },
    needed: [],
    withdrawnAt: null,
    round: 0,
    documents: [],
    clinic: { patientId: null, dealId: null, itineraryId: null },
    sold: { owesNothing: true, neverPaid: true },
    ending: null,
    last: null,
    isAwaited: false,
    profileName: null,
    patient: null,
    opened:
      input.patient === undefined
        ? null
        : { patient: input.patient, others: input.companions ?? [] },
    isOver: false,
  };
};

export const conversationInput = ({ context }: Seen): ConversationInput => ({
  recipient: context.recipient,
  lang: context.lang,
  tenantName: context.tenantName,
  destination: context.destination,
});

export const companionsInput = ({ context }: Seen): CompanionsInput => ({
  tenantName: context.tenantName,
  destination: context.destination,
  currency: context.currency,
  isInvoicing: context.isInvoicing,
  recipient: context.recipient,
  lang: context.lang,
  patient: context.opened?.patient ?? null,
  others: context.opened?.others ?? [],
});

export const journeyInput = ({ context }: Seen): JourneyInput => ({
  destination: context.destination,
  currency: context.currency,
  round: context.round,
  ...context.sold,
});

export const salesInput = ({ context }: Seen) => ({
  tenant: context.tenant,
  caseId: context.caseId,
  isInvoicing: context.isInvoicing,
  phone: context.recipient.phone ?? null,
  lang: context.lang,
});

export const reviewInput = ({ context }: Seen) => ({
  caseId: context.caseId,
  patientId: context.clinic.patientId,
  phone: context.recipient.phone ?? null,
  documents: context.documents,
});

export const clinicInput = ({ context }: Seen) => ({
  caseId: context.caseId,
  dealId: context.clinic.dealId,
  itineraryId: context.clinic.itineraryId,
});

export const attachmentsInput = ({ context: { withdrawnAt } }: Seen) => ({ withdrawnAt });

export const documentsInput = ({ context: { caseId, tenant } }: Seen) => ({ caseId, tenant });

export const serviceInput = () => ({ purpose: 'service' as const });
export const healthDataInput = () => ({ purpose: 'health-data' as const });
export const transferAbroadInput = () => ({ purpose: 'transfer-abroad' as const });
export const marketingInput = () => ({ purpose: 'marketing' as const });

export const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output =>
  event.output;

export const caseOutput = ({ context }: Seen): CaseOutput => ({
  caseId: context.caseId,
  outcome: context.ending?.outcome ?? 'lapsed',
  reason: context.ending?.reason ?? null,
});

const purposes = ['service', 'health-data', 'transfer-abroad', 'marketing'] as const;

export const withConsent = (
  { consents }: CaseContext,
  purpose: ConsentPurpose,
  change: Partial<Consent>,
): Pick<CaseContext, 'consents'> => ({
  consents: { ...consents, [purpose]: { ...consents[purpose], ...change } },
});

export const withConsents = (
  { consents }: CaseContext,
  change: Partial<Consent>,
): Pick<CaseContext, 'consents'> => ({
  consents: {
    service: { ...consents.service, ...change },
    'health-data': { ...consents['health-data'], ...change },
    'transfer-abroad': { ...consents['transfer-abroad'], ...change },
    marketing: { ...consents.marketing, ...change },
  },
});

/** The consents to ask for now: what they are for waits, and the patient lets us arrange the trip. */
export const dueConsents = ({ consents, needed }: CaseContext): readonly ConsentPurpose[] =>
  purposes.filter(
    (purpose) =>
      consents.service.status === 'given' &&
      consents[purpose].status === 'unasked' &&
      (purpose === 'transfer-abroad'
        ? consents['health-data'].status === 'given'
        : needed.includes(purpose)),
  );

/** The message that says it. */
const evidenceOf = (
  { tenant, tenantName, caseId }: CaseContext,
  event: object,
): Omit<ConsentAnswer, 'records'> => {
  const { messageId = '', at = '' } = event as { messageId?: string; at?: string };
  return { tenant, tenantName, caseId, messageId, at };
};

export const answerOf = ({
  context,
  event,
}: {
  context: CaseContext;
  event: ConsentRecorded;
}): ConsentAnswer => {
  const { purpose, status, lang } = event;
  const { patient } = context.consents[purpose];
  return {
    ...evidenceOf(context, event),
    ...(patient === undefined ? {} : { patient }),
    records: [{ purpose, status, text: consentTexts[purpose], lang }],
  };
};

/** Answers to all purposes that stand as given: what a stop withdraws. */
export const withdrawalOf = ({
  context,
  event,
}: {
  context: CaseContext;
  event: { readonly type: string };
}): ConsentAnswer => ({
  ...evidenceOf(context, event),
  ...(context.consents.service.patient === undefined
    ? {}
    : { patient: context.consents.service.patient }),
  records: purposes
    .filter((purpose) => context.consents[purpose].status === 'given')
    .map((purpose) => ({
      purpose,
      status: 'withdrawn' as const,
      text: consentTexts[purpose],
      lang: context.consents[purpose].lang,
    })),
});
