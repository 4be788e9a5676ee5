import type * as v from 'valibot';
import type { PromiseActorLogic } from 'xstate';

import type { Shape } from './basics.ts';
import {
  ClinicFlights,
  DealToRead,
  PlanToCompare,
  type ClinicFlightsReceipt,
  type ComparedPlan,
  type Deal,
} from './clinic.ts';
import { Attachment, DocumentToVerify, type StoredDocument } from './documents.ts';
import { CompanionToOpen, NewsToCompanion, type Companion } from './families.ts';
import { FlightOrderReference, FlightOrderRequest, type FlightOrder } from './flight-orders.ts';
import { FlightQuery, type FlightOffers } from './flights.ts';
import {
  AnonymiseRequest,
  StudiesToFind,
  StudyToAnalyse,
  StudyToInspect,
  type AnonymisedStudy,
  type Inspection,
  type Study,
  type VisionResult,
} from './imaging.ts';
import {
  InvoiceOrder,
  InvoiceToRead,
  type IntegratorStatus,
  type IssuedInvoice,
  type KeptInvoice,
} from './invoices.ts';
import {
  ConsentAnswer,
  DocumentLinkToPatient,
  FileToPatient,
  MessageToPatient,
  TravellerLinkToPatient,
} from './messages.ts';
import {
  BookingReport,
  CheckoutOrder,
  PaymentReference,
  RefundOrder,
  type Checkout,
  type PaymentState,
  type RefundState,
} from './payments.ts';
import { Utterance, type Understanding } from './understanding.ts';

/**
 * All that machines may ask of the world: what each effect is asked with. One that has no output below, or that nobody
 * performs, does not compile; nor does a machine that asks for one by another name.
 */
export const effectInputs = {
  sendMessage: MessageToPatient,
  sendFile: FileToPatient,
  sendDocumentLink: DocumentLinkToPatient,
  sendTravellerLink: TravellerLinkToPatient,
  recordConsent: ConsentAnswer,
  understand: Utterance,
  fetchMedia: Attachment,
  verifyDocument: DocumentToVerify,
  searchFlights: FlightQuery,
  orderFlights: FlightOrderRequest,
  findFlightOrder: FlightOrderRequest,
  readFlightOrder: FlightOrderReference,
  openCheckout: CheckoutOrder,
  closeCheckout: PaymentReference,
  readPayment: PaymentReference,
  refundPayment: RefundOrder,
  recordBooking: BookingReport,
  queueInvoice: InvoiceOrder,
  submitInvoice: InvoiceToRead,
  readInvoice: InvoiceToRead,
  archiveInvoice: InvoiceToRead,
  findStudies: StudiesToFind,
  anonymiseStudy: AnonymiseRequest,
  inspectStudy: StudyToInspect,
  analyseStudy: StudyToAnalyse,
  tellClinic: ClinicFlights,
  readDeal: DealToRead,
  comparePlan: PlanToCompare,
  openCompanion: CompanionToOpen,
  tellCompanion: NewsToCompanion,
} as const satisfies Record<string, v.GenericSchema>;

export type EffectName = keyof typeof effectInputs;

export function isEffectName(name: string): name is EffectName {
  return Object.hasOwn(effectInputs, name);
}

/** What is left of an input once it was checked. */
export type EffectInput<Name extends EffectName> = Shape<(typeof effectInputs)[Name]>;

interface Sent {
  readonly messageId: string;
  /** When the provider took it, by its own clock where it says so. */
  readonly at?: string;
  /** Only that we have news was sent: what it says is still to be said. */
  readonly isReplaced?: boolean;
}

interface Outputs {
  readonly sendMessage: Sent;
  readonly sendFile: Sent;
  readonly sendDocumentLink: Sent;
  readonly sendTravellerLink: Sent;
  readonly recordConsent: void;
  readonly understand: Understanding;
  readonly fetchMedia: StoredDocument;
  readonly verifyDocument: StoredDocument;
  readonly searchFlights: FlightOffers;
  readonly orderFlights: FlightOrder;
  readonly findFlightOrder: FlightOrder | null;
  readonly readFlightOrder: FlightOrder;
  readonly openCheckout: Checkout;
  readonly closeCheckout: void;
  readonly readPayment: PaymentState;
  readonly refundPayment: RefundState;
  readonly recordBooking: null;
  readonly queueInvoice: IssuedInvoice;
  readonly submitInvoice: IntegratorStatus;
  readonly readInvoice: IntegratorStatus;
  readonly archiveInvoice: KeptInvoice;
  readonly findStudies: readonly Study[];
  readonly anonymiseStudy: AnonymisedStudy;
  readonly inspectStudy: Inspection;
  readonly analyseStudy: VisionResult;
  readonly tellClinic: ClinicFlightsReceipt;
  readonly readDeal: Deal;
  readonly comparePlan: ComparedPlan;
  readonly openCompanion: Companion;
  readonly tellCompanion: void;
}

/** What an effect is answered with. */
export type EffectOutput<Name extends EffectName> = Outputs[Name];

/** An effect as a machine declares it among its actors: `openCheckout: {} as Effect<'openCheckout'>`. */
export type Effect<Name extends EffectName> = PromiseActorLogic<
  EffectOutput<Name>,
  EffectInput<Name>
>;
