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

/** Providers that stand for themselves: `config.ts` reads each under its name here. A new one gets its line. */
export const providers = {
  whatsapp: whatsappSettings,
  model: chatSettings,
  clamav: clamavSettings,
  stripe: stripeSettings,
  iyzico: iyzicoSettings,
  fhir: fhirSettings,
  orthanc: orthancSettings,
  vision: visionSettings,
  doktor365: doktor365Settings,
} as const;

/** Everything that has settings, in the order in which they are printed and problems are told. */
export const groups = {
  process: processSettings,
  edge: edgeSettings,
  database: databaseSettings,
  streams: streamsSettings,
  tracing: tracingSettings,
  whatsapp: providers.whatsapp,
  model: providers.model,
  clamav: providers.clamav,
  stripe: providers.stripe,
  iyzico: providers.iyzico,
  payments: paymentSettings,
  nilvera: nilveraSettings,
  tcmb: tcmbSettings,
  flights: flightSettings,
  duffel: duffelSettings,
  amadeus: amadeusSettings,
  fhir: providers.fhir,
  orthanc: providers.orthanc,
  vision: providers.vision,
  doktor365: providers.doktor365,
  minio: minioSettings,
  documents: documentSettings,
  invoices: invoiceSettings,
  staff: staffSettings,
  audit: auditSettings,
} as const;
