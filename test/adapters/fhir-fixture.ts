import type { Redis } from 'ioredis';

import type { ClinicalPort } from '../../actors/ports/clinical.ts';
import { fhirClinical } from '../../adapters/fhir/clinical.ts';
import { fhirPolicy } from '../../adapters/fhir/requests.ts';
import type { FhirAuth } from '../../adapters/fhir/token.ts';
import type { CallPolicy } from '../../adapters/policy.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { type Provider, call, quick, tokenEncryption } from './fixtures.ts';

export const secretAuth = {
  kind: 'secret',
  clientId: sandboxSecrets.fhirClientId,
  clientSecret: sandboxSecrets.fhirClientSecret,
  sentIn: 'basic',
} as const satisfies FhirAuth;

export const LOINC = 'http://loinc.org';
export const PASSPORT = 'http://hl7.org/fhir/sid/passport-DEU';

export interface Clinic {
  readonly auth?: FhirAuth;
  readonly baseUrl?: string;
  readonly policy?: CallPolicy;
  readonly tenant?: string;
  readonly now?: () => number;
}

/** The adapter as one tenant has it, against the sandbox. */
export function clinicOf(
  { sandbox, dispatcher, telemetry }: Provider,
  redis: Redis,
  more: Clinic = {},
): ClinicalPort {
  const { auth = secretAuth, baseUrl = `${sandbox.origin}/fhir`, now = Date.now } = more;
  const { policy = quick('fhir', fhirPolicy), tenant = 'clinic-a' } = more;
  return fhirClinical({
    servers: new Map([[tenant, { baseUrl, auth, policy }]]),
    redis,
    encryption: tokenEncryption,
    dispatcher,
    telemetry,
    now,
  });
}

/** Has the clinic keep resources. */
export async function seed({ sandbox }: Provider, resources: readonly object[]): Promise<void> {
  await call(sandbox, 'POST', '/_sandbox/fhir', {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });
}

export async function fhirFault({ sandbox }: Provider, mode: string, count?: number) {
  await call(
    sandbox,
    'POST',
    '/_sandbox/fhir/faults',
    count === undefined ? { mode } : { mode, count },
  );
}

export const patient = (id: string, passport: string, more: object = {}) => ({
  resourceType: 'Patient',
  id,
  identifier: [{ system: PASSPORT, value: passport }],
  name: [
    { use: 'old', family: 'Früher' },
    { use: 'official', family: 'Schneider', given: ['Anna', 'Maria'] },
  ],
  telecom: [
    { system: 'phone', value: '+49 30 1', use: 'home' },
    { system: 'phone', value: '+49 170 1', use: 'mobile' },
    { system: 'email', value: 'anna@example.com' },
  ],
  gender: 'female',
  birthDate: '1980-02-29',
  ...more,
});

export const observation = (id: string, patientId: string, more: object = {}) => ({
  resourceType: 'Observation',
  id,
  status: 'final',
  category: [
    {
      coding: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/observation-category',
          code: 'vital-signs',
        },
      ],
    },
  ],
  code: { coding: [{ system: LOINC, code: '8867-4', display: 'Heart rate' }] },
  subject: { reference: `Patient/${patientId}` },
  effectiveDateTime: '2027-01-01T10:00:00+03:00',
  valueQuantity: { value: 70, unit: '/min', system: 'http://unitsofmeasure.org', code: '/min' },
  ...more,
});
