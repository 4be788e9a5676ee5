import type { DocumentLinks } from '../../actors/performers/document-links.ts';
import type { JourneyPorts } from '../../actors/performers/journey.ts';
import type { TravellerLinks } from '../../actors/performers/traveller-links.ts';
import type { EfaturaClient, InvoiceArchive } from '../../actors/ports/invoicing.ts';
import type { PaymentBooks, PaymentsPort } from '../../actors/ports/payments.ts';
import type { TravellersPort } from '../../actors/ports/travellers.ts';
import type { PaymentProvider } from '../../actors/shapes/payments.ts';
import { createConsentRegister } from '../../persistence/cases/consents.ts';
import { createBooks } from '../../persistence/finance/books.ts';
import { createTravellers } from '../../persistence/travellers/travellers.ts';
import { adaptingOf } from './adapting.ts';
import { documentsOf, linksOf, travellerLinksOf, type Documents } from './documents.ts';
import { once, onFirstUse, refusing } from './on-first-use.ts';
import type { System } from './system.ts';

/** Everybody whom cases ask for something. */
export interface Providers {
  readonly ports: Omit<JourneyPorts, 'companions'>;
  readonly payments: Payments;
  readonly documents: Documents;
  readonly links: DocumentLinks;
  readonly travellers: Travelling;
  readonly invoices: InvoiceArchive;
  /** Loads what every message of a patient needs, which takes a second of this thread: no patient waits for that. */
  readonly loadForMessages: () => Promise<void>;
}

/** Travellers' data, and the links by which patients give it. */
export interface Travelling {
  readonly port: TravellersPort;
  readonly links: TravellerLinks;
}

interface Payments {
  /** All of them as one port, by the rules of the settings. */
  readonly port: PaymentsPort;
  /** Those that this installation has. */
  readonly providers: Readonly<Partial<Record<PaymentProvider, PaymentsPort>>>;
  readonly books: readonly PaymentBooks[];
}

/**
 * An adapter for each port, loaded when it is first asked. A provider without an API base is played by the sandbox, and one
 * that is off refuses. A new provider gets its line here.
 */
export async function providersOf(system: System): Promise<Providers> {
  const { config, ledger, edgeUrl, telemetry } = system;
  const { clamav, orthanc, vision, fhir, doktor365, efatura } = config;
  const { pool, keyring, keys } = ledger;
  const flightContact = config.flights.duffel.orders;
  const adapting = adaptingOf(system);
  const whatsapp = once(async () =>
    (await import('./whatsapp.ts')).whatsappOf(system, await adapting()),
  );
  const understanding = once(async () =>
    (await import('./understanding.ts')).understandingOf(config, await adapting()),
  );
  const clinic = () => import('./clinic.ts');
  const invoices = onFirstUse<InvoiceArchive>(async () =>
    (await import('./invoices.ts')).invoiceArchiveOf({ settings: config, keyring, telemetry }),
  );
  const payments = paymentsOf(system, adapting);
  const documents = await documentsOf(system);
  const links = linksOf(system);
  const travellers = { port: createTravellers({ pool, keys }), links: travellerLinksOf(system) };
  const ports: Providers['ports'] = {
    messaging: onFirstUse(async () => (await whatsapp()).messaging),
    media: onFirstUse(async () => (await whatsapp()).media),
    virusScan: onFirstUse(async () => {
      const { clamavScan, noScan } = await import('../../adapters/clamav/scan.ts');
      return clamav === null ? noScan() : clamavScan(clamav);
    }),
    understanding: onFirstUse(understanding),
    flights: onFirstUse(async () =>
      (await import('./flights.ts')).flightsOf(system, await adapting()),
    ),
    flightOrders:
      flightContact === null
        ? refusing('duffel')
        : onFirstUse(async () =>
            (await import('./flights.ts')).flightOrdersOf(system, flightContact, await adapting()),
          ),
    travellers: travellers.port,
    imaging:
      orthanc.kind === 'off'
        ? refusing('orthanc')
        : onFirstUse(async () => (await clinic()).imagingOf(system, await adapting())),
    vision:
      vision === null
        ? refusing('vision')
        : onFirstUse(async () => (await clinic()).visionOf(vision, await adapting())),
    clinical:
      fhir === null
        ? refusing('fhir')
        : onFirstUse(async () => (await clinic()).clinicalOf(system, fhir, await adapting())),
    clinic:
      doktor365 === null
        ? refusing('doktor365')
        : onFirstUse(async () => (await clinic()).dealsOf(system, doktor365, await adapting())),
    efatura:
      efatura === null
        ? refusing('efatura')
        : onFirstUse<EfaturaClient>(async () =>
            (await import('./invoices.ts')).efaturaOf(
              { ...(await adapting()), tenant: config.tenant, efatura, pool, keyring },
              invoices,
            ),
          ),
    payments: payments.port,
    books: createBooks({ pool }),
    consents: createConsentRegister({ pool, keyring }),
    store: documents.store,
    documents: documents.store,
    links,
    uploadPage: (token) => `${config.documents.uploadPageUrl ?? `${edgeUrl()}/docs-visa`}#${token}`,
    travellerLinks: travellers.links,
    travellersPage: (token) =>
      `${config.documents.travellersPageUrl ?? `${edgeUrl()}/travellers`}#${token}`,
    now: Date.now,
  };
  const loadForMessages = async () => {
    await Promise.all([understanding(), whatsapp()]);
  };
  return { ports, payments, documents, links, travellers, invoices, loadForMessages };
}

function paymentsOf(
  { config, edgeUrl }: System,
  adapting: ReturnType<typeof adaptingOf>,
): Payments {
  const { publicUrl, documents, iyzico } = config;
  const loaded = once(async () => {
    const { returnAddress } = await import('../../http/patients/payment-return.ts');
    return (await import('./payments.ts')).paymentsOf({
      ...(await adapting()),
      settings: config,
      returnTo: (provider) =>
        returnAddress(() => publicUrl ?? edgeUrl(), documents.linkKeys, provider),
    });
  });
  const names: readonly PaymentProvider[] = iyzico === null ? ['stripe'] : ['stripe', 'iyzico'];
  return {
    port: onFirstUse(async () => (await loaded()).payments),
    providers: Object.fromEntries(
      names.map((name) => [
        name,
        onFirstUse<PaymentsPort>(async () => (await loaded()).providers[name] as PaymentsPort),
      ]),
    ),
    books: names.map((provider) => ({
      provider,
      async *movements(...period) {
        const { books } = await loaded();
        for (const one of books) if (one.provider === provider) yield* one.movements(...period);
      },
    })),
  };
}
