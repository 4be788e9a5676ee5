import { amadeusSettings } from '../../adapters/amadeus/settings.ts';
import { chatSettings } from '../../adapters/chat-completions/settings.ts';
import { clamavSettings } from '../../adapters/clamav/settings.ts';
import { doktor365Settings } from '../../adapters/doktor365/settings.ts';
import { duffelSettings } from '../../adapters/duffel/settings.ts';
import { fhirSettings } from '../../adapters/fhir/settings.ts';
import { iyzicoSettings } from '../../adapters/iyzico/settings.ts';
import { minioSettings } from '../../adapters/minio/settings.ts';
import { nilveraSettings } from '../../adapters/nilvera/settings.ts';
import { orthancSettings } from '../../adapters/orthanc/settings.ts';
import { stripeSettings } from '../../adapters/stripe/settings.ts';
import { tcmbSettings } from '../../adapters/tcmb/settings.ts';
import { visionSettings } from '../../adapters/vision/settings.ts';
import { whatsappSettings } from '../../adapters/whatsapp/settings.ts';
import { auditSettings } from './audit.ts';
import { databaseSettings } from './database.ts';
import { documentSettings } from './documents.ts';
import { edgeSettings } from './edge.ts';
import { flightSettings } from './flights.ts';
import { invoiceSettings } from './invoices.ts';
import { paymentSettings } from './payments.ts';
import { processSettings } from './process.ts';
import { staffSettings } from './staff.ts';
import { streamsSettings } from './streams.ts';
import { tracingSettings } from './tracing.ts';

/** Every room and provider that has settings, in the order in which the README prints them. A new provider gets a line here. */
export const groups = {
  process: processSettings,
  edge: edgeSettings,
  whatsapp: whatsappSettings,
  database: databaseSettings,
  streams: streamsSettings,
  tracing: tracingSettings,
  model: chatSettings,
  clamav: clamavSettings,
  minio: minioSettings,
  documents: documentSettings,
  flights: flightSettings,
  duffel: duffelSettings,
  amadeus: amadeusSettings,
  payments: paymentSettings,
  stripe: stripeSettings,
  iyzico: iyzicoSettings,
  nilvera: nilveraSettings,
  tcmb: tcmbSettings,
  invoices: invoiceSettings,
  fhir: fhirSettings,
  orthanc: orthancSettings,
  vision: visionSettings,
  doktor365: doktor365Settings,
  staff: staffSettings,
  audit: auditSettings,
} as const;
