import type { Dispatcher } from 'undici';

import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import {
  ClinicalAnswerUnusable,
  type ClinicalPatient,
  type ClinicalPort,
} from '../../actors/ports/clinical.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import type { Telemetry } from '../../telemetry.ts';
import { jsonOf } from '../http.ts';
import type { CallPolicy } from '../policy.ts';
import type { TokenStore } from '../token-cache.ts';
import type { TokenEncryption } from '../token-encryption.ts';
import { errorIn } from './outcome.ts';
import { type FhirRequests, fhirRequests } from './requests.ts';
import {
  ID,
  type ReadPatient,
  dicomWeb,
  readObservation,
  readPatient,
  readStudy,
} from './resources.ts';
import { below, refuseError, search } from './search.ts';
import { type FhirAuth, fhirToken } from './token.ts';

/** A search with all its pages and retries. */
const DEADLINE_MS = 60_000;
/** A wish; HAPI gives 200 at most. */
const PAGE = 50;

/** A tenant's clinic. */
export interface FhirServer {
  /** R4, e.g. `https://clinic.example/fhir`. */
  readonly baseUrl: string;
  /** Other addresses by which it names its own pages, such as one inside the clinic's network; none if absent. */
  readonly linkBases?: readonly string[];
  readonly auth: FhirAuth;
  /** Made from `fhirPolicy`, one for each server: a clinic that is down is no reason to leave another one alone. */
  readonly policy: CallPolicy;
}

export interface FhirOptions {
  /** By tenant. */
  readonly servers: ReadonlyMap<string, FhirServer>;
  readonly redis: TokenStore;
  readonly encryption: TokenEncryption;
  readonly dispatcher?: Dispatcher;
  readonly telemetry: Pick<Telemetry, 'integrationCall'> & Partial<Pick<Telemetry, 'log'>>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Reads clinics' records from FHIR R4 servers such as HAPI. Patients and dates are never in an address, but for the
 * server's own id of a patient.
 *
 * @see https://hl7.org/fhir/R4/http.html
 */
export function fhirClinical({
  servers,
  redis,
  encryption,
  dispatcher,
  telemetry,
  now,
}: FhirOptions): ClinicalPort {
  const byTenant = new Map(
    [...servers].map(([tenant, { baseUrl, linkBases = [], auth, policy }]) => {
      const tokens =
        auth.kind === 'none'
          ? undefined
          : fhirToken({ tenant, baseUrl, auth, redis, encryption, dispatcher, telemetry, now });
      return [tenant, fhirRequests({ baseUrl, linkBases, tokens, policy, dispatcher, telemetry })];
    }),
  );

  const leftOut = (count: number) =>
    telemetry.log?.('warn', 'provider.unreadable_items', { provider: 'fhir', count });

  function serverOf({ tenant }: Performing): FhirRequests {
    const requests = byTenant.get(tenant);
    if (!requests) throw new ProviderRefused('fhir', 'no_server');
    return requests;
  }

  return {
    async findPatient({ system, value }, performing) {
      const { matches } = await search<ReadPatient, never>(
        serverOf(performing),
        {
          type: 'Patient',
          parameters: { identifier: `${escaped(system)}|${escaped(value)}`, _count: String(PAGE) },
          enough: Number.POSITIVE_INFINITY,
          match: readPatient,
          include: () => null,
        },
        bounded(performing),
      );
      const others = matches.some(
        ({ identifiers }) =>
          !identifiers.some((one) => one.system === system && one.value === value),
      );
      if (others) throw new ClinicalAnswerUnusable('wrong_patient');
      return theOne(matches);
    },

    async readPatient(patientId, version, performing) {
      const requests = serverOf(performing);
      const known = version !== null && ID.test(version) ? version : null;
      const { status, text } = await requests.send(
        {
          method: 'GET',
          url: below(requests.base, `/Patient/${checked(patientId)}`),
          headers: known === null ? {} : { 'if-none-match': `W/"${known}"` },
          accepts: [200, 304, 404, 410],
        },
        bounded(performing),
      );
      if (status === 304) {
        if (known === null) throw new ProviderUnreachable('fhir', 'unexpected_status_304');
        return { outcome: 'unchanged' };
      }
      // What is gone needs no words to say so.
      if (status === 410) return { outcome: 'gone' };
      const json = jsonOf('fhir', text);
      if (status !== 200) {
        // A 404 that is no FHIR server's own is a wrong address of ours, or a proxy's, and no patient who is gone.
        if (errorIn(json) === undefined) throw new ProviderRefused('fhir', `status_${status}`);
        return { outcome: 'gone' };
      }
      refuseError(json);
      if (!isPatient(json)) throw new ClinicalAnswerUnusable('wrong_resource');
      const { patient } = readPatient(json);
      if (patient.id !== patientId) throw new ClinicalAnswerUnusable('wrong_patient');
      // Not every server knows conditional reads.
      if (known !== null && patient.version === known) return { outcome: 'unchanged' };
      return { outcome: 'read', patient };
    },

    async observations(patientId, { category, code, since, limit }, performing) {
      const { matches, unreadable } = await search(
        serverOf(performing),
        {
          type: 'Observation',
          parameters: {
            subject: `Patient/${checked(patientId)}`,
            ...(category === undefined ? {} : { category: escaped(category) }),
            ...(code === undefined
              ? {}
              : { code: `${escaped(code.system)}|${escaped(code.code)}` }),
            ...(since === undefined ? {} : { date: `ge${since}` }),
            _sort: '-date',
            _count: String(Math.min(limit, PAGE)),
          },
          enough: limit,
          match: (resource) => readObservation(resource, patientId),
          include: () => null,
          leftOut,
        },
        bounded(performing),
      );
      const items = newestFirst(matches, ({ at }) => at).slice(0, limit);
      return { items, unreadable };
    },

    async imagingStudies(patientId, performing) {
      const { matches, related, unreadable } = await search(
        serverOf(performing),
        {
          type: 'ImagingStudy',
          parameters: {
            subject: `Patient/${checked(patientId)}`,
            _include: 'ImagingStudy:endpoint',
            _sort: '-started',
            _count: String(PAGE),
          },
          enough: Number.POSITIVE_INFINITY,
          match: (resource) => readStudy(resource, patientId),
          include: dicomWeb,
          leftOut,
        },
        bounded(performing),
      );
      const studies = matches.map(({ study, contained, endpoints }) => {
        const own = contained[0] ?? related.find(({ id }) => endpoints.includes(id));
        return { ...study, wadoEndpoint: own?.address ?? null };
      });
      return { items: newestFirst(studies, ({ startedAt }) => startedAt), unreadable };
    },
  };
}

/** @throws {ClinicalAnswerUnusable} there are several */
function theOne(found: readonly ReadPatient[]): ClinicalPatient | null {
  const current = found.filter(({ replaced }) => !replaced);
  const candidates = current.length > 0 ? current : found;
  if (candidates.length > 1) throw new ClinicalAnswerUnusable('ambiguous_patient');
  const patient = candidates[0]?.patient;
  if (!patient) return null;
  // A record that was merged into this one had the same person's names.
  const all = [patient, ...found.map((one) => one.patient)].flatMap(({ allNames }) => allNames);
  return { ...patient, allNames: [...new Set(all)] };
}

function bounded(performing: Performing): Performing {
  const signal = AbortSignal.any([performing.signal, AbortSignal.timeout(DEADLINE_MS)]);
  return { ...performing, signal };
}

/** It stands in a path, or among other parameters. */
function checked(patientId: string): string {
  if (!ID.test(patientId)) throw new ProviderRefused('fhir', 'patient_id');
  return patientId;
}

/** A comma would mean "or". @see https://hl7.org/fhir/R4/search.html#escaping */
function escaped(value: string): string {
  return value.replaceAll(/[\\,|$]/g, String.raw`\$&`);
}

function isPatient(json: unknown): boolean {
  return (
    typeof json === 'object' &&
    json !== null &&
    'resourceType' in json &&
    json.resourceType === 'Patient'
  );
}

/** Servers sort by their own idea of a time that has no offset, or only a year. */
function newestFirst<T>(found: readonly T[], at: (one: T) => string | null): readonly T[] {
  const time = (one: T) => {
    const ms = Date.parse(at(one) ?? '');
    return Number.isNaN(ms) ? Number.NEGATIVE_INFINITY : ms;
  };
  return found.toSorted((one, other) => {
    const [first, second] = [time(one), time(other)];
    return first === second ? 0 : second - first;
  });
}
