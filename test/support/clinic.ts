import { sandboxSecrets } from '../sandbox/sandbox.ts';

/** The settings of an orchestrator whose clinic is played by a sandbox that has no secrets of its own. Without an archive. */
export function clinicAt(sandbox: string): Record<string, string> {
  const [[clientId, secret] = ['', '']] = Object.entries(sandboxSecrets.doktor365Clients);
  return {
    // Most tests see no image, and an archive for each process would cost them more than the rest.
    ORTHANC_API_BASE: 'none',
    FHIR_API_BASE: `${sandbox}/fhir`,
    FHIR_CLIENT_ID: sandboxSecrets.fhirClientId,
    FHIR_CLIENT_SECRET: sandboxSecrets.fhirClientSecret,
    VISION_API_BASE: sandbox,
    VISION_API_KEY: sandboxSecrets.visionApiKey,
    DOKTOR365_API_BASE: `${sandbox}/doktor365`,
    DOKTOR365_CLIENT_ID: clientId,
    DOKTOR365_CLIENT_SECRET: secret,
  };
}
