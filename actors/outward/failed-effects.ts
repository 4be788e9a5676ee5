import { isProviderName, type ProviderName } from '../ports/providers.ts';
import { isEffectName, type EffectName } from '../shapes/effects.ts';

/** Names of ours that are a part of a documented provider's. */
const partsOf: Readonly<Record<string, ProviderName>> = {
  documents: 'minio',
  checkpoints: 'minio',
  // The invoices that we keep of what the integrator has.
  invoices: 'efatura',
};

/** Whom an effect depends on, where its failure names nobody. What our own database does, depends on no provider. */
const providerOfEffect: Readonly<Record<EffectName, ProviderName | null>> = {
  sendMessage: 'whatsapp',
  sendFile: 'whatsapp',
  sendDocumentLink: 'whatsapp',
  sendTravellerLink: 'whatsapp',
  fetchMedia: 'whatsapp',
  queueInvoice: 'efatura',
  submitInvoice: 'efatura',
  readInvoice: 'efatura',
  archiveInvoice: 'efatura',
  findStudies: 'orthanc',
  anonymiseStudy: 'orthanc',
  inspectStudy: 'orthanc',
  analyseStudy: 'vision',
  verifyDocument: 'minio',
  tellClinic: 'doktor365',
  readDeal: null,
  comparePlan: null,
  // Which of several providers it was, only the failure can say.
  searchFlights: null,
  orderFlights: null,
  findFlightOrder: null,
  readFlightOrder: null,
  openCheckout: null,
  closeCheckout: null,
  readPayment: null,
  refundPayment: null,
  understand: null,
  recordBooking: null,
  recordConsent: null,
  openCompanion: null,
  tellCompanion: null,
};

/**
 * The documented provider of a failed effect: by the name that its error carries, else by what the effect is. Null for
 * what the documents have no name for: our own database, the language model, the virus scanner.
 */
export function providerOf({
  name,
  provider,
}: {
  readonly name: string;
  readonly provider: string | null;
}): ProviderName | null {
  if (isProviderName(provider)) return provider;
  if (provider !== null) return partsOf[provider] ?? null;
  return isEffectName(name) ? providerOfEffect[name] : null;
}

/** The same of one that is tried again: of several providers behind one port, the last try's reason ends in who it was. */
export function providerWaitedFor(name: string, reason: string | null): ProviderName | null {
  const last = reason?.split(' ').at(-1) ?? null;
  const named = isProviderName(last) || Object.hasOwn(partsOf, last ?? '') ? last : null;
  return providerOf({ name, provider: named });
}
