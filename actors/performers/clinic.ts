import { createHash } from 'node:crypto';

import { MediaRefused, ProviderBusy, ProviderRefused } from '../errors.ts';
import type { Performance } from '../kernel/ports.ts';
import type { ClinicPort } from '../ports/clinic.ts';
import type { ClinicalPort } from '../ports/clinical.ts';
import { placeOf } from '../ports/document-place.ts';
import type { DocumentStore } from '../ports/documents.ts';
import type { IdentifyingValues, ImagingPort } from '../ports/imaging.ts';
import type { VirusScanPort } from '../ports/media.ts';
import type { MessagingPort } from '../ports/messaging.ts';
import type { VisionPort } from '../ports/vision.ts';
import type { ComparedPlan, Deal } from '../shapes/clinic.ts';
import type { StoredDocument } from '../shapes/documents.ts';
import type { EffectInput } from '../shapes/effects.ts';
import type { Inspection, VisionResult } from '../shapes/imaging.ts';
import { templateFor, templateOf } from '../texts/templates.ts';
import { documentName, renderText, textFor } from '../texts/texts.ts';
import { documentLimits, type DocumentLinks } from './document-links.ts';
import type { EffectPerformers } from './performers.ts';
import { comparePlan } from './stay-plan.ts';

/** What the clinic's side of a case works with. */
export interface ClinicPorts {
  readonly imaging: ImagingPort;
  readonly vision: VisionPort;
  readonly clinical: ClinicalPort;
  readonly clinic: ClinicPort;
  readonly store: Pick<DocumentStore, 'get' | 'stat'>;
  readonly links: Pick<DocumentLinks, 'tokenFor'>;
  readonly virusScan: VirusScanPort;
  readonly messaging: Pick<MessagingPort, 'send'>;
  /** The address of the page where the holder of a link's token uploads. */
  readonly uploadPage: (token: string) => string;
}

const minute = 60 * 1_000; // ms
/** A study of some hundred images takes minutes to copy, to read and to analyse. */
const studyTimeoutMs = 10 * minute;
/** Each keeps the archive busy and one of its images in memory. */
const studiesAtOnce = 4;
const linkLifetimeMs = 7 * 24 * 60 * minute;

/** Whose numbers our own ids of patients are, in the records of clinics. */
export const patientSystem = 'urn:patient-cases:patient';

/** What a copy must not hold: what we know, and what the clinic's record says. */
async function identifyingValues(
  clinical: ClinicalPort,
  { patientId, phone }: { readonly patientId: string; readonly phone: string | null },
  performing: Performance,
): Promise<IdentifyingValues> {
  const record = await clinical.findPatient(
    { system: patientSystem, value: patientId },
    performing,
  );
  const birthDate = record?.birthDate ?? '';
  return {
    names: record?.allNames ?? [],
    identifiers: [patientId],
    // A year alone is in every study of that year.
    birthDates: /^\d{4}-\d{2}-\d{2}$/.test(birthDate) ? [birthDate] : [],
    phones: [
      ...(phone === null ? [] : [phone.startsWith('+') ? phone : `+${phone}`]),
      // As the clinic wrote it: without a country it cannot be made E.164, and a leak check looks for its end.
      ...(record?.phone ? [record.phone] : []),
    ],
  };
}

async function inspectStudy(
  { imaging, clinical }: Pick<ClinicPorts, 'imaging' | 'clinical'>,
  { study, ...patient }: EffectInput<'inspectStudy'>,
  performing: Performance,
): Promise<Inspection> {
  const values = await identifyingValues(clinical, patient, performing);
  const inspection = await imaging.inspect(study, values, performing.signal);
  // It will not leave. Staff look at the source, and resuming makes another copy.
  if (inspection.outcome === 'held') await imaging.remove(study.studyId, performing.signal);
  return inspection;
}

/** The copies have served once the model has read one. Asked again, the model answers as before, by the effect's id. */
async function analyseStudy(
  { imaging, vision }: Pick<ClinicPorts, 'imaging' | 'vision'>,
  { reference }: EffectInput<'analyseStudy'>,
  performing: Performance,
): Promise<VisionResult> {
  const result = await vision.analyse(reference, performing);
  await imaging.removeCopies(reference.pseudonym, performing.signal);
  return result;
}

/** How the types that we take begin: bytes, and where. An object store believes what the uploader says. */
const beginnings: Readonly<Record<string, { readonly at: number; readonly bytes: Buffer }>> = {
  'application/pdf': { at: 0, bytes: Buffer.from('%PDF-') },
  'image/jpeg': { at: 0, bytes: Buffer.from([0xff, 0xd8, 0xff]) },
  'image/png': { at: 0, bytes: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) },
  'application/dicom': { at: 128, bytes: Buffer.from('DICM') },
};

function beginsAs(contentType: string, bytes: Uint8Array): boolean {
  const beginning = beginnings[contentType];
  if (beginning === undefined) return false;
  const { at, bytes: expected } = beginning;
  return expected.equals(bytes.subarray(at, at + expected.length));
}

/**
 * @throws {MediaRefused} what the patient can do something about, or that the document is gone
 * @throws {ProviderRefused} `foreign_document`: no document of that kind in this case
 */
async function verifyDocument(
  { store, virusScan }: Pick<ClinicPorts, 'store' | 'virusScan'>,
  { key, kind }: EffectInput<'verifyDocument'>,
  { tenant, caseId, signal }: Performance,
): Promise<StoredDocument> {
  const place = placeOf(key);
  if (place?.tenant !== tenant || place.caseId !== caseId || !place.name.startsWith(`${kind}-`)) {
    throw new ProviderRefused('documents', 'foreign_document');
  }
  const { maxBytes, endings } = documentLimits[kind];
  const found = await store.stat(place, signal);
  if (found === null) throw new MediaRefused('gone');
  // Before it is fetched: what is too large must not come into memory.
  if (found.size > maxBytes) throw new MediaRefused('too_large');
  if (found.size === 0) throw new MediaRefused('damaged');
  if (!Object.hasOwn(endings, found.contentType)) throw new MediaRefused('wrong_type');
  const stored = await store.get(place, signal);
  if (stored === null) throw new MediaRefused('gone');
  const { bytes, contentType } = stored;
  if (bytes.length !== found.size || contentType !== found.contentType) {
    throw new ProviderBusy('documents', 'new_version'); // It came between the two.
  }
  if (!beginsAs(contentType, bytes)) throw new MediaRefused('wrong_type');
  const scanned = await virusScan.scan(bytes, signal);
  if (scanned.found !== null) throw new MediaRefused('unsafe');
  const checksum = createHash('sha256').update(bytes).digest('hex');
  return { key, contentType, size: bytes.length, checksum };
}

async function sendDocumentLink(
  { links, messaging, uploadPage }: Pick<ClinicPorts, 'links' | 'messaging' | 'uploadPage'>,
  { recipient, lang, heardAt, kind, patient }: EffectInput<'sendDocumentLink'>,
  performing: Performance,
  now: () => number,
): Promise<{ messageId: string }> {
  const { tenant, caseId } = performing;
  const token = await links.tokenFor({ tenant, caseId, kinds: [kind] }, now() + linkLifetimeMs);
  const values = { document: documentName(kind, lang), url: uploadPage(token) };
  const words = renderText('documents.ask', lang, values);
  const body = patient === undefined ? words : textFor(patient, words, lang);
  const message = { kind: 'text', body } as const;
  const plain = templateOf('documents.ask', lang, values);
  const template = patient === undefined ? plain : templateFor(patient, plain);
  return messaging.send({ recipient, message, template, heardAt }, performing);
}

/** @throws {ProviderRefused} `deal_not_found`: the tenant has none of that id */
async function readDeal(
  clinic: ClinicPort,
  { dealId, mayKeepTreatment }: EffectInput<'readDeal'>,
  performing: Performance,
): Promise<Deal> {
  const deal = await clinic.deal(dealId, performing);
  if (deal === null) throw new ProviderRefused('doktor365', 'deal_not_found');
  return mayKeepTreatment ? deal : { ...deal, treatment: null };
}

/** @throws {ProviderRefused} `itinerary_not_found`: the tenant has none of that id */
async function readPlan(
  clinic: ClinicPort,
  { itineraryId, flights }: EffectInput<'comparePlan'>,
  performing: Performance,
): Promise<ComparedPlan> {
  const itinerary = await clinic.itinerary(itineraryId, performing);
  if (itinerary === null) throw new ProviderRefused('doktor365', 'itinerary_not_found');
  return comparePlan(flights, itinerary);
}

const healthData = () => 'consent:health-data';

/** What a kind of document tells decides which consent asking for it needs. */
const consentFor = ({ kind }: EffectInput<'sendDocumentLink'>): string =>
  kind === 'passport' || kind === 'visa' ? 'consent:service' : healthData();

/**
 * Who performs what the machines `imaging` and `documents` ask for, and the telling of the clinic, by name. `now` is in ms
 * since 1970.
 */
export function clinicPerformers(ports: ClinicPorts, now: () => number = Date.now) {
  const { imaging, clinic } = ports;
  return {
    findStudies: {
      perform: async ({ patientId }, { signal }) => imaging.studies(patientId, signal),
      resolution: 'key', // Reading only.
      needs: healthData,
      port: 'imaging',
      timeoutMs: minute,
    },
    anonymiseStudy: {
      perform: async (input, performing) => imaging.anonymise(input, performing),
      resolution: 'lookup',
      lookup: async (input, performing) => {
        const output = await imaging.lookup(input, performing);
        return output && { output };
      },
      needs: healthData,
      port: 'anonymising', // So that a quick look at the archive does not wait for these.
      timeoutMs: studyTimeoutMs,
      concurrency: studiesAtOnce,
      attempts: 30, // A try that ends at its deadline finds the work going on at the next.
    },
    inspectStudy: {
      perform: async (input, performing) => inspectStudy(ports, input, performing),
      resolution: 'key', // Reading, and deleting what may not leave.
      needs: healthData,
      port: 'anonymising',
      timeoutMs: studyTimeoutMs,
      concurrency: studiesAtOnce,
    },
    analyseStudy: {
      perform: async (input, performing) => analyseStudy(ports, input, performing),
      resolution: 'key',
      needs: healthData,
      port: 'vision',
      timeoutMs: studyTimeoutMs,
    },
    // Without a need: what a patient uploaded is looked into before anybody opens it, whatever was withdrawn since.
    verifyDocument: {
      perform: async (input, performing) => verifyDocument(ports, input, performing),
      resolution: 'key', // Reading only.
      port: 'documents',
      timeoutMs: 2 * minute,
      concurrency: 2, // Each holds a whole file in memory, 50 MB at most.
    },
    sendDocumentLink: {
      perform: async (input, performing) => sendDocumentLink(ports, input, performing, now),
      resolution: 'none',
      needs: consentFor,
      failedAs: 'message.failed',
      port: 'messaging',
      inOrder: true,
      attempts: 40, // As many as any message to a patient.
      timeoutMs: 15_000,
      concurrency: 32,
    },
    tellClinic: {
      perform: async (input, performing) => clinic.sendFlights(input, performing),
      resolution: 'key',
      needs: () => 'consent:service',
      port: 'clinic',
      timeoutMs: 45_000,
      attempts: 40, // Over two hours: the patient is on the way whether the clinic's server answers or not.
    },
    readDeal: {
      perform: async (input, performing) => readDeal(clinic, input, performing),
      resolution: 'key', // Reading only.
      // The treatment is health data; a deal without it is about money and dates.
      needs: ({ mayKeepTreatment }) => (mayKeepTreatment ? healthData() : 'consent:service'),
      port: 'clinic',
      timeoutMs: 45_000,
    },
    comparePlan: {
      perform: async (input, performing) => readPlan(clinic, input, performing),
      resolution: 'key', // Reading only.
      needs: () => 'consent:service',
      port: 'clinic',
      timeoutMs: 45_000,
    },
  } satisfies Partial<EffectPerformers>;
}
