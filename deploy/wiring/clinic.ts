import type { ClinicPort } from '../../actors/ports/clinic.ts';
import type { ClinicalPort } from '../../actors/ports/clinical.ts';
import type { ImagingPort } from '../../actors/ports/imaging.ts';
import type { VisionPort } from '../../actors/ports/vision.ts';
import { doktor365Clinic, doktor365Policy } from '../../adapters/doktor365/clinic.ts';
import { fhirClinical } from '../../adapters/fhir/clinical.ts';
import { fhirPolicy } from '../../adapters/fhir/requests.ts';
import { orthancImaging, orthancJobPolicy, orthancPolicy } from '../../adapters/orthanc/imaging.ts';
import { callPolicy } from '../../adapters/policy.ts';
import { httpVision, visionPolicy } from '../../adapters/vision/vision.ts';
import type { Config } from '../../config.ts';
import type { Adapting } from './adapting.ts';
import type { Archive } from './servers.ts';
import type { System } from './system.ts';

/** The image archive: the one of the settings, or one of ours, which comes late or never. */
export async function imagingOf(
  { config: { orthanc }, archive }: System,
  adapting: Adapting,
): Promise<ImagingPort> {
  const { log } = adapting.telemetry;
  const imagingOn = (server: Archive) =>
    orthancImaging({
      ...adapting,
      ...server,
      policy: callPolicy('orthanc', orthancPolicy, log),
      jobPolicy: callPolicy('orthanc', orthancJobPolicy, log),
    });
  if (orthanc.kind === 'server') return imagingOn(orthanc);
  const { imagingOnceStarted } = await import('../local/imaging.ts');
  return imagingOnceStarted(archive.then((server) => server && imagingOn(server)));
}

/** The model that looks at images. */
export function visionOf(vision: NonNullable<Config['vision']>, adapting: Adapting): VisionPort {
  return httpVision({
    ...adapting,
    baseUrl: vision.apiBase ?? adapting.sandboxOrigin,
    apiKey: vision.apiKey,
    policy: callPolicy('vision', visionPolicy, adapting.telemetry.log),
  });
}

/** The clinic's records. */
export function clinicalOf(
  { config: { tenant }, redis }: System,
  fhir: NonNullable<Config['fhir']>,
  adapting: Adapting,
): ClinicalPort {
  const server = {
    baseUrl: fhir.apiBase ?? `${adapting.sandboxOrigin}/fhir`,
    linkBases: fhir.linkBases,
    auth: fhir.auth,
    policy: callPolicy('fhir', fhirPolicy, adapting.telemetry.log),
  };
  return fhirClinical({
    ...adapting,
    servers: new Map([[tenant.tenant, server]]),
    redis: redis.shared.client,
    now: Date.now,
  });
}

/** The clinic's own system. */
export function dealsOf(
  { config: { tenant }, redis }: System,
  doktor365: NonNullable<Config['doktor365']>,
  adapting: Adapting,
): ClinicPort {
  return doktor365Clinic({
    ...adapting,
    baseUrl: doktor365.apiBase ?? `${adapting.sandboxOrigin}/doktor365`,
    credentialsOf: (asked) => (asked === tenant.tenant ? doktor365 : undefined),
    redis: redis.shared.client,
    policy: callPolicy('doktor365', doktor365Policy, adapting.telemetry.log),
  });
}
