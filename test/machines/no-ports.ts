import type { JourneyPorts } from '../../actors/performers/journey.ts';

const nobody = async () => {
  throw new Error('Nothing is performed here');
};

/** Ports for what only looks at performers and never lets one perform. */
export const noPorts: JourneyPorts = {
  messaging: { send: nobody, upload: nobody },
  companions: { join: nobody, asked: nobody, heard: nobody, isOver: nobody, sendAll: nobody },
  flights: { search: nobody },
  flightOrders: { order: nobody, find: nobody, read: nobody },
  travellers: { close: nobody, read: nobody, reopen: nobody },
  payments: {
    openCheckout: nobody,
    closeCheckout: nobody,
    readPayment: nobody,
    refund: nobody,
    findRefund: nobody,
  },
  books: { record: nobody },
  efatura: {
    queueInvoice: nobody,
    submitInvoice: nobody,
    readInvoice: nobody,
    archiveInvoice: nobody,
  },
  now: () => 0,
  understanding: { understand: nobody },
  media: { fetch: nobody },
  virusScan: { scan: nobody },
  documents: { put: nobody, get: nobody },
  consents: { record: nobody },
  imaging: {
    studies: nobody,
    anonymise: nobody,
    lookup: nobody,
    inspect: nobody,
    instanceIds: nobody,
    readInstance: nobody,
    removeCopies: nobody,
    remove: nobody,
  },
  vision: { analyse: nobody },
  clinical: {
    findPatient: nobody,
    readPatient: nobody,
    observations: nobody,
    imagingStudies: nobody,
  },
  clinic: { deal: nobody, sendFlights: nobody, itinerary: nobody },
  store: { get: nobody, stat: nobody },
  links: { tokenFor: nobody },
  uploadPage: () => 'https://patients.example/upload',
  travellerLinks: { tokenFor: nobody },
  travellersPage: () => 'https://patients.example/travellers',
};
