/** The providers as the platform's documents name them, in metrics, on dead letters and on `<provider>.errors`. */
export const providerNames = [
  'whatsapp',
  'amadeus',
  'duffel',
  'stripe',
  'iyzico',
  'efatura',
  'fhir',
  'orthanc',
  'doktor365',
  'ushas',
  'minio',
  'vision',
  'tcmb',
] as const;
export type ProviderName = (typeof providerNames)[number];

export function isProviderName(name: string | null): name is ProviderName {
  return (providerNames as readonly (string | null)[]).includes(name);
}
