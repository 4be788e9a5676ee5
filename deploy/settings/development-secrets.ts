/**
 * What stands in for secrets that are not set, only while every address is on this machine. They are public: the README
 * lists them, the sandbox and the demo sign with them, and no start with any other address accepts one of them.
 */
export const DEVELOPMENT_SECRETS = {
  WHATSAPP_TOKEN: 'development-whatsapp-token',
  WHATSAPP_APP_SECRET: 'development-whatsapp-app-secret',
  WHATSAPP_VERIFY_TOKEN: 'development-whatsapp-verify-token',
  STRIPE_SECRET_KEY: 'sk_test_development',
  STRIPE_WEBHOOK_SECRET: 'whsec_development',
  IYZICO_API_KEY: 'development-iyzico-key',
  IYZICO_SECRET_KEY: 'development-iyzico-secret',
  NILVERA_API_KEY: 'development-nilvera-key',
  EFATURA_WEBHOOK_SECRET: 'development-efatura-webhook-secret',
  DUFFEL_TOKEN: 'duffel_test_development',
  AMADEUS_CLIENT_ID: 'development-amadeus-client',
  AMADEUS_CLIENT_SECRET: 'development-amadeus-secret',
  FHIR_CLIENT_ID: 'development-fhir-client',
  FHIR_CLIENT_SECRET: 'development-fhir-secret',
  VISION_API_KEY: 'development-vision-key',
  DOKTOR365_CLIENT_ID: 'development-doktor365-client',
  DOKTOR365_CLIENT_SECRET: 'development-doktor365-secret',
  DOCUMENTS_WEBHOOK_TOKEN: 'development-documents-webhook-token',
  /** 32 bytes, as base64. */
  DOCUMENTS_LINK_KEY: 'ZGV2ZWxvcG1lbnQtbGluay1rZXktbm90LWZvci1waGk=',
  ADMIN_JWT_SECRET: 'development-admin-jwt-secret-of-32-bytes-or-more',
  /** 32 bytes that spell what they are. */
  KEYRING: 'development:ZGV2ZWxvcG1lbnQta2V5LW5ldmVyLWZvci1waGkhISE=',
  INDEX_KEY: 'ZGV2ZWxvcG1lbnQtaW5kZXgta2V5LW5vdC1mb3ItcGg=',
  /** An Ed25519 key whose 32 bytes spell what they are. */
  AUDIT_SIGNING_KEY: 'development:MC4CAQAwBQYDK2VwBCIEIGRldmVsb3BtZW50LWF1ZGl0LWtleS1ub3QtcmVhbCEh',
} as const;
